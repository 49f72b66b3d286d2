import { execFile } from 'node:child_process'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

interface DryRun {
  readonly tasks: readonly { readonly taskId: string; readonly inputs: Record<string, string> }[]
}

/** The files of a task whose change makes turbo run it again. */
const inputsOf = async (task: 'build' | 'typecheck', folder: string): Promise<string[]> => {
  const name = `@conn-hub/${folder}`
  const args = ['run', task, `--filter=${name}`, '--dry=json']
  const { stdout } = await run('node_modules/.bin/turbo', args, { cwd: root })
  const { tasks } = JSON.parse(stdout) as DryRun
  return Object.keys(tasks.find(({ taskId }) => taskId === `${name}#${task}`)?.inputs ?? {})
}

/** The files of a folder in tooling that tsc checks. */
const checkedIn = async (folder: string): Promise<string[]> => {
  const cwd = join(root, 'tooling', folder)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '--listFilesOnly'], { cwd })
  const files = stdout.trim().split('\n')
  const own = files.map((file) => relative(cwd, file)).filter((file) => !file.startsWith('..'))
  return own.filter((file) => !dirname(file).includes('node_modules'))
}

describe('a warm cache hides no error: turbo knows', () => {
  it.each(['mutation', 'nodes', 'wide'])('each file of %s that is type-checked', async (folder) => {
    const checked = await checkedIn(folder)
    expect(checked.length).toBeGreaterThan(2)
    expect(await inputsOf('typecheck', folder)).toEqual(expect.arrayContaining(checked))
  })

  it('the settings of the tests, which others type-check', async () => {
    expect(await inputsOf('typecheck', 'test')).toContain('shared.js')
  })

  it('the build preset', async () => {
    expect(await inputsOf('build', 'build')).toContain('index.js')
  })
})
