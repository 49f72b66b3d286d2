import { fileURLToPath } from 'node:url'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['src/**/*.ts'],
  testRunner: 'vitest',
  // By its path: packages see only what they list, and Stryker does not list it.
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner'))],
  vitest: { configFile: here('vitest.config.js'), related: false },
  coverageAnalysis: 'perTest',
  tempDirName: here('sandbox'),
  // Without the settings of TypeScript, which point out of the copy; the ones of this folder are found instead.
  ignorePatterns: ['dist', '.turbo', 'tsconfig.json'],
  disableTypeChecks: false,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: here('reports/mutation.json') },
  concurrency: 3,
  // A mutant that loops without end takes its part of a core until then; one that changes nothing has three times what it needs.
  timeoutMS: 12_000,
  timeoutFactor: 0.6,
  // A mutant that grows without end must not take the machine with it.
  testRunnerNodeArgs: ['--max-old-space-size=1024'],
}
