import { defineConfig } from 'vitest/config'
import { onSources, root, settings } from './shared.js'

export default defineConfig({
  root,
  ...onSources,
  test: {
    ...settings,
    include: ['packages/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'],
  },
})
