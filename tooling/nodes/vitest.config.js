import { onSources, root, settings } from '@conn-hub/test/shared'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root,
  ...onSources,
  test: {
    ...settings,
    // Sockets are what differs most from one Node to the next. What needs a browser is in a folder of its own.
    include: ['packages/core/test/**/*.test.ts', 'packages/websocket/test/*.test.ts'],
    // How far a reader walks, how many steps are counted, and what the prose and a bundle are, is the same on each Node.
    exclude: ['**/{walk,linear,prose,budget,entries}.test.ts'],
  },
})
