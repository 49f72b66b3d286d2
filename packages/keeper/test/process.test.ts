import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'keeper-'))
const program = join(folder, 'program.mjs')

/** A program that does nothing else than keep a connection that fails, and watch over none. It says each dial, and how it ends. */
const code = `
  import { createHub } from '@conn-hub/core'
  import { createKeeper } from '@conn-hub/keeper'
  import { watchLiveness } from '@conn-hub/keeper/liveness'

  const keepAlive = process.argv[2] === 'keepAlive'
  let dials = 0
  const dial = (address, attempt) => {
    console.log('dial', ++dials)
    attempt.fail(new Error('nobody is there'))
    if (dials === 3) setTimeout(() => keeper.close(), 0)
  }
  const hub = createHub({ transport: { describe: () => ({}), dial } })
  const backoff = keepAlive ? { base: 5, max: 10 } : { base: 600_000, max: 600_000 }
  const keeper = createKeeper(hub, { keepAlive, backoff })
  watchLiveness(hub)
  keeper.keep('peer')
`

const outputOf = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    timeout: 60_000,
  })
  return stdout
}

beforeAll(() =>
  build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@conn-hub/source'],
    outfile: program,
  }),
)
afterAll(() => rmSync(folder, { recursive: true }))

describe('a process with a keeper and a watch', () => {
  it('ends when there is nothing else', async () => {
    // What is due at once may come before the process looks round.
    expect(await outputOf()).toMatch(/^(dial 1\n)?$/)
  })

  it('lives on with keepAlive, until the keeper is closed', async () => {
    expect(await outputOf('keepAlive')).toBe('dial 1\ndial 2\ndial 3\n')
  })
})
