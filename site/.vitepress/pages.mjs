// Which files of the repository are pages, in which order, and at which addresses. Paths are relative to the repository.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is copied as it is: the Javadoc, and files that pages offer. */
export const publicDir = resolve(root, 'site/target/public')

const docs = (...names) => names.map((name) => `docs/${name}.md`)
const decisions = readdirSync(resolve(root, 'docs/adr')).sort().map((name) => `docs/adr/${name}`)

const groups = [
  ['First steps', docs('getting-started', 'concepts', 'pipelines', 'guarantees', 'failures')],
  ['Connectors', docs('kafka', 'cassandra', 'files', 'http', 'writing-a-connector')],
  ['In a service', docs('spring-boot', 'testing', 'metrics', 'console', 'operations', 'security')],
  ['Reference', [...docs('compatibility', 'performance', 'dependencies'), 'CHANGELOG.md']],
  ['Examples', ['pipeline-examples/README.md', ...docs(
    'examples/movie-ratings', 'examples/user-activity', 'examples/logins', 'examples/weather', 'examples/imdb', 'examples/service')]],
  ['The project', ['CONTRIBUTING.md', 'SECURITY.md']],
  ['Decisions', decisions],
]

/** The pages in the order in which the sidebar has them. */
export const pages = ['README.md', ...groups.flatMap(([, files]) => files)]

/** `docs/kafka.md` becomes `kafka.md`, a `README.md` the `index.md` of its directory; no two differ by capitals alone. */
export function routeOf(file) {
  return file
    .replace(/^docs\//, '')
    .replace(/^pipeline-examples\//, 'examples/')
    .replace(/^site\/source\//, 'source/')
    .replace(/(^|\/)README\.md$/, '$1index.md')
    .replace(/^[A-Z]+\.md$/, (name) => `project/${name.toLowerCase()}`)
}

export function addressOf(file) {
  return '/' + routeOf(file).replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html')
}

export const sidebar = groups.map(([text, files]) => ({
  text,
  collapsed: files === decisions,
  items: files.map((file) => ({ text: titleOf(file), link: addressOf(file) })),
}))

/** Of the heading, without what a list has no room for: "A service: whether it lives" is "A service" there. */
function titleOf(file) {
  const [, title] = /^# (.*)$/m.exec(readFileSync(resolve(root, file), 'utf8'))
  return title.replaceAll('`', '').replace(/:.*/, '')
}

const LINK = /\]\(([^)\s#]+)[^)]*\)/g

/** Files that are no pages themselves and that pages lead to. */
export function linkedFiles() {
  const linked = new Set()
  for (const page of pages) {
    for (const [, target] of readFileSync(resolve(root, page), 'utf8').matchAll(LINK)) {
      const file = posix.join(posix.dirname(page), target)
      if (!file.endsWith('.md') && existsSync(resolve(root, file)) && statSync(resolve(root, file)).isFile()) {
        linked.add(file)
      }
    }
  }
  return [...linked]
}

/** What is shown on a page of its own, rather than offered as it is. */
export const isShown = (file) => file.endsWith('.java') || file === 'LICENSE'

/** The Javadoc of a type that is public, or undefined. */
export function javadocOf(file) {
  const [, type] = /\/src\/main\/java\/(.*)\.java$/.exec(file) ?? []
  return existsSync(resolve(publicDir, `api/${type}.html`)) ? `/api/${type}.html` : undefined
}
