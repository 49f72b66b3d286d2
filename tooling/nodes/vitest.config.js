import { onSources, root, settings } from '@conn-hub/test/shared'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root,
  ...onSources,
  test: { ...settings, include: ['packages/core/test/**/*.test.ts'] },
})
