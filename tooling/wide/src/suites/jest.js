import { run } from '@conn-hub/nodes/src/process.js'
import { installConsumer } from '../consumer.js'

const LATER = {
  why: 'it waits by `queueMicrotask`, which fake timers hold back',
  shows: /Expected: \\?"connected|Expected value: .*CONTRACT_BROKEN/,
}

/**
 * Another test runner, with its modern fake timers: they replace globals that our code must not lean on.
 *
 * @type {import('../suite.js').Suite}
 */
export const jest = async (workshop) => {
  const place = await installConsumer(workshop, 'jest')
  return [
    { file: 'core' },
    { file: 'facades' },
    { file: 'adapter', fault: LATER },
    { file: 'watch', fault: LATER },
  ].map(({ file, fault }) => ({
    name: `${file} runs under Jest with fake timers`,
    fault,
    run: async () => {
      const args = ['node_modules/jest/bin/jest.js', '--ci', '--json', `${file}.test.js`]
      const { ok, stdout, output } = await run(process.execPath, args, { cwd: place })
      if (!ok || JSON.parse(stdout).numPassedTests === 0) throw new Error(output)
    },
  }))
}
