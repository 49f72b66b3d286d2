import { fileURLToPath } from 'node:url'
import { onSources, settings } from '@conn-hub/test/shared'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import { SLOW } from './slow.js'

// Stryker runs this inside its copy of core.
const copy = process.cwd()

/** The first test that fails ends the run of a mutant: so those that take seconds come last. */
class QuickFirst extends BaseSequencer {
  /**
   * @override
   * @type {BaseSequencer['sort']}
   */
  async sort(files) {
    const late = (/** @type {typeof files[number]} */ { moduleId }) => Number(SLOW.test(moduleId))
    return [...files].sort((a, b) => late(a) - late(b))
  }
}

export default defineConfig({
  root: copy,
  ...onSources,
  resolve: {
    ...onSources.resolve,
    // The longer name first: the first that fits is taken.
    alias: {
      '@conn-hub/core/view': `${copy}/src/views/index.ts`,
      '@conn-hub/core': `${copy}/src/index.ts`,
    },
  },
  test: {
    ...settings,
    // Where a mutant leaves a promise hanging, its test must not take long to fail.
    testTimeout: 4_000,
    setupFiles: [fileURLToPath(new URL('slow.setup.js', import.meta.url))],
    include: ['test/**/*.test.ts'],
    // They look at the text of the sources, which here is another; `process` breaks nothing in its processes.
    exclude: ['budget', 'changelog', 'examples', 'process', 'prose', 'readme', 'walk'].map(
      (name) => `test/${name}.test.ts`,
    ),
    sequence: { sequencer: QuickFirst },
  },
})
