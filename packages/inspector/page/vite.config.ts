import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The page lies under a token that changes: all its addresses are relative.
  base: './',
  worker: { format: 'es' },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The policy of the page allows no styles or fonts in data: addresses.
    assetsInlineLimit: 0,
    // What is bundled goes out with its licenses.
    license: { fileName: 'licenses.md' },
  },
})
