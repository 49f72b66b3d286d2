import { readdir } from 'node:fs/promises'
import { run } from '@conn-hub/nodes/src/process.js'
import { installConsumer } from '../consumer.js'

/**
 * Another test runner, with its modern fake timers: they replace globals that our code must not lean on.
 *
 * @type {import('../suite.js').Suite}
 */
export const jest = async (workshop) => {
  const place = await installConsumer(workshop, 'jest')
  const files = await readdir(place)
  const names = files.flatMap((file) => /^(.+)\.test\.js$/.exec(file)?.[1] ?? [])
  return names.map((name) => ({
    name: `${name} runs under Jest with fake timers`,
    run: async () => {
      const args = ['node_modules/jest/bin/jest.js', '--ci', '--json', `${name}.test.js`]
      const { ok, stdout, output } = await run(process.execPath, args, { cwd: place })
      if (!ok || JSON.parse(stdout).numPassedTests === 0) throw new Error(output)
    },
  }))
}
