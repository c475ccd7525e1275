// The site as any static server would serve it, under the base that it was built for.
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export const directory = fileURLToPath(new URL('../target/site/', import.meta.url))

export const base = /<script type="module" src="(\/.*?)assets\//.exec(readFileSync(join(directory, 'index.html'), 'utf8'))[1]

/** The file that an address of the site leads to, or undefined. */
export function fileOf(pathname) {
  if (!pathname.startsWith(base)) {
    return undefined
  }
  const path = decodeURIComponent(pathname.slice(base.length))
  const file = join(directory, path === '' || path.endsWith('/') ? `${path}index.html` : path)
  return existsSync(file) ? file : undefined
}

export async function serve() {
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end() // which a browser asks for by itself where a page, as those of Javadoc, names no icon
      return
    }
    const file = fileOf(new URL(request.url, 'http://localhost').pathname)
    response.writeHead(file ? 200 : 404, { 'content-type': `${TYPES[extname(file ?? '')] ?? 'text/plain'}; charset=utf-8` })
    if (file) {
      createReadStream(file).pipe(response)
    } else {
      response.end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

/** The addresses of all pages but those of the Javadoc. */
export function pages() {
  return readdirSync(directory, { recursive: true })
    .filter((file) => file.endsWith('.html') && !file.startsWith('api/') && file !== '404.html')
    .sort()
    .map((file) => base + file)
}
