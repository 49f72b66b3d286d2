import { defineConfig } from 'tsup'

const shared = {
  entry: { index: 'src/index.ts' },
  target: 'node18',
  sourcemap: true,
  clean: true,
  treeshake: true,
  splitting: false,
}

/** A package for everyone: ESM and CommonJS, each with declarations of its own. */
export const library = (options = {}) =>
  defineConfig({ ...shared, format: ['esm', 'cjs'], dts: true, ...options })

/** A package whose `require()` is the value itself: CommonJS alone; tsc makes its declarations, for `export =`. */
export const commonjs = (options = {}) => defineConfig({ ...shared, format: ['cjs'], ...options })

/** A program of this repository: ESM, never published, so without declarations. */
export const program = (options = {}) => defineConfig({ ...shared, format: ['esm'], ...options })
