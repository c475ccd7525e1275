// Pages are written to be read in the repository too: their links are paths of files. Here they become addresses of the site.
import { existsSync } from 'node:fs'
import { posix, relative, resolve } from 'node:path'
import { addressOf, isShown, javadocOf, root, routeOf } from './pages.mjs'

export function leadWithinTheSite(md) {
  const open = md.renderer.rules.link_open
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet('href')
    if (!/^(#|[a-z]+:)/.test(href)) {
      lead(tokens[index], href, relative(root, env.realPath ?? env.path))
    }
    return open(tokens, index, options, env, self)
  }
}

function lead(link, href, page) {
  const [, path, fragment] = /^([^#]*)(.*)$/.exec(href)
  const file = posix.join(posix.dirname(page), path)
  if (!existsSync(resolve(root, file))) {
    throw new Error(`${page} leads to ${href}, which is not there`)
  }
  const javadoc = javadocOf(file)
  if (javadoc) {
    link.attrSet('href', fromPage(page, javadoc))
    link.attrSet('target', '_self') // or else the router would take it for a page of its own
  } else if (file.endsWith('.md') || isShown(file)) {
    link.attrSet('href', (file.endsWith('.md') ? addressOf(file) : sourceOf(file)) + fragment)
  } else {
    link.attrSet('href', fromPage(page, `/${file}`))
    link.attrSet('download', posix.basename(file))
  }
}

/** VitePress adds the base to links within its router alone. */
const fromPage = (page, address) => posix.relative(posix.dirname(`/${routeOf(page)}`), address)

const sourceOf = (file) => `/source/${file}.html`
