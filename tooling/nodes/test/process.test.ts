import { describe, expect, it } from 'vitest'
import { run } from '../src/process.js'

const node = (code: string, timeout?: number) => run(process.execPath, ['-e', code], { timeout })

/** With more time, until the program came as far as to print. */
const untilItPrints = async (code: string, ms = 500): Promise<Awaited<ReturnType<typeof node>>> => {
  const result = await node(code, ms)
  return result.stdout === '' ? untilItPrints(code, 2 * ms) : result
}

describe('a program that is run', () => {
  it('gives what it printed, and whether it ended well', async () => {
    expect(await node("console.log('out'); console.error('err')")).toMatchObject({
      ok: true,
      stdout: 'out\n',
      output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
    })
    expect(await node('process.exit(3)')).toEqual({ ok: false, stdout: '', output: '' })
  })

  it('is ended when its time is over, and says after how long, and its last line', async () => {
    const code = "console.log('first\\n\\x1b[31mlast\\x1b[39m\\n\\n'); setInterval(() => {}, 1_000)"
    const { ok, output, late } = await untilItPrints(code)
    expect([ok, late]).toEqual([
      false,
      expect.stringMatching(/^it was ended after [\d.]+ s; its last line was: last$/),
    ])
    expect(output).toContain(`${process.execPath}: ${late}\n`)
  })

  it('says so where it printed nothing', async () => {
    const { late } = await node('setInterval(() => {}, 1_000)', 100)
    expect(late).toBe('it was ended after 0.1 s; it had printed nothing')
  })

  it('is over also where something that it started holds its output open', async () => {
    const { ok, stdout } = await untilItPrints(
      `const { spawn } = require('node:child_process')
      const args = ['-e', 'setInterval(() => {}, 1_000)']
      console.log(spawn(process.execPath, args, { stdio: 'inherit' }).pid)
      setInterval(() => {}, 1_000)`,
    )
    process.kill(Number(stdout))
    expect(ok).toBe(false)
  })
})
