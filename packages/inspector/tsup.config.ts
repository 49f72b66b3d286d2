import { fileURLToPath } from 'node:url'
import { library, program } from '@conn-hub/build'
import { readPage } from './src/http/files.js'

/** Replaces `src/page.ts`: what is published has the page as strings, and looks for no file. */
const pageAsStrings = {
  name: 'page-as-strings',
  setup: ({ onLoad }: { onLoad(options: object, load: () => object): void }) => {
    onLoad({ filter: /[\\/]inspector[\\/]src[\\/]page\.ts$/ }, () => {
      const page = readPage(fileURLToPath(new URL('dist/page/', import.meta.url)))
      if (!page.has('')) throw new Error('The page is built first: vite build')
      return { contents: `export const loadPage = () => new Map(${JSON.stringify([...page])})` }
    })
  },
}

// Both write to `dist`: the first empties it, but for the page, which has a build of its own.
export default [
  library({
    entry: { index: 'src/index.ts', record: 'src/record/index.ts' },
    clean: ['!page/**', '!cli.*'],
    esbuildPlugins: [pageAsStrings],
  }),
  program({ entry: { cli: 'src/cli/main.ts' }, clean: false, esbuildPlugins: [pageAsStrings] }),
]
