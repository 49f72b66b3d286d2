import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const example = (...args: string[]) =>
  run(process.execPath, [fileURLToPath(new URL('../example.js', import.meta.url)), ...args])

describe('example', () => {
  it('builds an example, and runs it', async () => {
    const { stdout } = await example('transport')
    expect(stdout).toContain('ben hears: hello ben')
  })

  it.each([[['nobody']], [[]], [['../demo']]])('%j lists those that there are', async (args) => {
    const failed = await example(...args).catch((error) => error)
    expect(failed.code).toBe(2)
    expect(failed.stderr).toContain('There are: chat, fleet, transport.')
  })
})
