import { configDefaults, defineConfig } from 'vitest/config'
import { onSources, root, settings } from './shared.js'
import { leftOutOn } from './windows.js'

export default defineConfig({
  root,
  ...onSources,
  test: {
    ...settings,
    include: ['packages/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...leftOutOn(process.platform)],
  },
})
