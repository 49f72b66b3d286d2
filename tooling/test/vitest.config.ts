import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  // Tests run on the sources, so they need no build; only tests of what is published import from dist.
  resolve: { conditions: ['@conn-hub/source', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@conn-hub/source', 'node', 'import', 'default'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'],
    restoreMocks: true,
    // Real sbots and processes need time on a busy machine; no test waits that long when all is well.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
