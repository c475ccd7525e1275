// A page for each file of the repository that pages lead to: there is no public address of the repository to lead to.
import { readFileSync } from 'node:fs'
import { basename, extname, resolve } from 'node:path'
import { isShown, javadocOf, linkedFiles, root } from '../.vitepress/pages.mjs'

export default {
  paths: () => linkedFiles().filter((file) => isShown(file) && !javadocOf(file)).map((file) => ({
    params: { path: file },
    content: `# ${basename(file)}\n\n\`${file}\`\n\n\`\`\`\`\`${extname(file).slice(1) || 'text'}\n${readFileSync(resolve(root, file), 'utf8')}\`\`\`\`\`\n`,
  })),
}
