import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

interface DryRun {
  readonly tasks: readonly { readonly taskId: string; readonly inputs: Record<string, string> }[]
}

it('a warm cache hides no error: turbo knows the build preset', async () => {
  const args = ['run', 'build', '--filter=@conn-hub/build', '--dry=json']
  const { stdout } = await run(process.execPath, ['node_modules/turbo/bin/turbo', ...args], {
    cwd: root,
  })
  const { tasks } = JSON.parse(stdout) as DryRun
  const build = tasks.find(({ taskId }) => taskId === '@conn-hub/build#build')
  expect(Object.keys(build?.inputs ?? {})).toContain('index.js')
})
