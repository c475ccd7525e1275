import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitepress'
import { leadWithinTheSite } from './links.mjs'
import { isShown, linkedFiles, pages, publicDir, root, routeOf, sidebar } from './pages.mjs'

for (const file of linkedFiles().filter((each) => !isShown(each))) {
  cpSync(resolve(root, file), resolve(publicDir, file))
}
cpSync(
  resolve(root, 'extensions/pipeline-console/src/main/resources/dev/millrace/console/page/icon.svg'),
  resolve(publicDir, 'icon.svg'),
)
// As it comes rather than bundled anew: it loads the parts that a diagram needs.
for (const part of ['mermaid.esm.min.mjs', 'chunks/mermaid.esm.min']) {
  cpSync(resolve(root, 'site/node_modules/mermaid/dist', part), resolve(publicDir, 'mermaid', part), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  })
}

/** Pages are outside of this directory, and would look for Vue where they are. */
const vueFromHere = {
  name: 'vue-from-here',
  enforce: 'pre',
  resolveId: (id, _, { ssr }) => (ssr && /^vue(\/|$)/.test(id) ? { id, external: true } : undefined),
}

export default defineConfig({
  title: 'Millrace',
  description: 'Typed, embeddable pipelines for services on the JVM',
  transformHead: ({ siteData }) => [['link', { rel: 'icon', type: 'image/svg+xml', href: `${siteData.base}icon.svg` }]],
  srcDir: '..',
  outDir: 'target/site',
  cacheDir: 'target/cache',
  srcExclude: ['**/target/**'],
  rewrites: routeOf,
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Getting started', link: '/getting-started.html' },
      { text: 'Guarantees', link: '/guarantees.html' },
      { text: 'Examples', link: '/examples/' },
      { text: 'Javadoc', link: '/api/index.html', target: '_self' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    externalLinkIcon: true,
  },
  markdown: {
    // The anchors that a code forge makes of headings: links name those.
    anchor: {
      slugify: (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'),
    },
    config: (md) => {
      leadWithinTheSite(md)
      showBlocks(md)
    },
  },
  transformPageData(page) {
    if (!pages.includes(page.filePath) && !page.filePath.startsWith('site/source/')) {
      throw new Error(`${page.filePath} has no place in the navigation: site/.vitepress/pages.mjs`)
    }
  },
  vite: {
    publicDir,
    plugins: [vueFromHere],
    build: { chunkSizeWarningLimit: 1000 },
  },
})

/** Draws diagrams, and shows a block that is indented as one between fences. */
function showBlocks(md) {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (tokens, index, options, env, self) =>
    tokens[index].info === 'mermaid'
      ? `<Diagram code="${md.utils.escapeHtml(tokens[index].content)}" />`
      : fence(tokens, index, options, env, self)
  md.renderer.rules.code_block = fence
}
