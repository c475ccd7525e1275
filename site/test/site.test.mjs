import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { launch, open } from './browser.mjs'
import { base, fileOf, pages, serve } from './served.mjs'

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
const DESK = { viewport: { width: 1280, height: 900 } }

let browser
let site

before(async () => {
  site = await serve()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  site?.close()
})

/** Opens a page of the site, and waits until it is alive and its diagrams are drawn. */
async function visit(path, options) {
  const visited = await open(browser, site.origin + path, options)
  await visited.page.waitForFunction(() => document.querySelector('#app').__vue_app__)
  await visited.page.waitForFunction(() => !document.querySelector('pre.diagram'))
  return visited
}

for (const path of pages()) {
  test(`${path} on a phone`, async () => {
    const { page, wrong } = await visit(path, { ...PHONE, colorScheme: 'dark' })

    assert.notEqual(await page.locator('h1').count(), 0)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'scrolls sideways')
    assert.deepEqual(wrong, [])
    assert.deepEqual(dead(await page.locator('a[href]').evaluateAll((links) => links.map((link) => link.href))), [])
    await page.close()
  })
}

/** Links of the site that lead nowhere in it. The web is not asked. */
function dead(links) {
  return [...new Set(links)]
    .map((link) => new URL(link))
    .filter(({ origin }) => origin === site.origin)
    .filter(({ pathname, hash }) => !fileOf(pathname) || !anchors(fileOf(pathname)).has(decodeURIComponent(hash.slice(1))))
    .map(String)
}

const known = new Map()

function anchors(file) {
  if (!known.has(file)) {
    const ids = file.endsWith('.html') ? readFileSync(file, 'utf8').matchAll(/ id="([^"]*)"/g) : []
    known.set(file, new Set(['', ...[...ids].map(([, id]) => id)]))
  }
  return known.get(file)
}

test('the Javadoc is beside it', async () => {
  const { page, wrong } = await visit(base, DESK)

  await page.getByRole('link', { name: 'Javadoc' }).first().click()
  await page.getByRole('link', { name: 'dev.millrace.pipeline.runtime', exact: true }).first().click()
  await page.getByRole('link', { name: 'PipelineRunner', exact: true }).first().waitFor()
  assert.deepEqual(wrong, [])
  await page.close()
})

for (const [words, place] of [['frontier', 'Guarantees'], ['dead letter', 'Failures'], ['retry backoff', 'Failures']]) {
  test(`a search for ${words}`, async () => {
    const { page, wrong } = await visit(base, DESK)

    await page.locator('.DocSearch-Button').click()
    await page.locator('.search-input').fill(words)
    await page.locator('.results .result', { hasText: place }).first().click()
    await page.waitForURL((address) => address.pathname !== base)
    assert.match(await page.locator('main').innerText(), new RegExp(words.split(' ')[0], 'i'))
    assert.deepEqual(wrong, [])
    await page.close()
  })
}

test('a search for what is not there', async () => {
  const { page } = await visit(base, DESK)

  await page.locator('.DocSearch-Button').click()
  await page.locator('.search-input').fill('qzxwvk')
  await page.locator('.no-results').waitFor()
  assert.equal(await page.locator('.results .result').count(), 0)
  await page.close()
})
