// Chromium without a window, which notes what a page complains of and what it asks for.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

function onPath() {
  const files = process.env.PATH.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)))
  const found = files.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (!found) {
    throw new Error(`there is none of ${NAMES.join(', ')} on the PATH; Debian has it in the package chromium`)
  }
  return found
}

export const launch = () => chromium.launch({ executablePath: onPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })

/** A page of its own, at an address, and all that is wrong with how it got there. */
export async function open(browser, address, options) {
  const page = await browser.newPage(options)
  page.setDefaultTimeout(120_000)
  const wrong = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(message.text()))
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('requestfailed', (request) => wrong.push(`${request.url()}: ${request.failure().errorText}`))
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.url()}: ${response.status()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(address).origin) && !request.url().startsWith('data:')) {
      wrong.push(`asks ${request.url()}`)
    }
  })
  await page.goto(address)
  return { page, wrong }
}
