import { createMemoryNetwork } from '@conn-hub/conformance'
import * as core from '@conn-hub/core'
import { examplesIn, runExample } from '@conn-hub/testkit/examples'
import { describe, expect, it, vi } from 'vitest'
import * as policies from '../src/index.js'

const examples = examplesIn(new URL('../src/', import.meta.url))

const run = async (code: string) => {
  const network = createMemoryNetwork()
  const bob = core.createHub({ transport: network.endpoint('bob') })
  const hub = core.createHub({ transport: network.endpoint('other') })
  const names = { ...core, ...policies, transport: network.endpoint('me'), hub }
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 1_000 })
  try {
    return await runExample(code, names)
  } finally {
    vi.useRealTimers()
    await Promise.all([bob.close(), hub.close()])
  }
}

describe('the examples of the public functions', () => {
  it('are there for each of them', () => {
    expect(examples.map(({ above }) => above).sort()).toEqual(Object.keys(policies).sort())
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  it('say what they say', async () => {
    const { code = '' } = examples.find(({ above }) => above === 'createExplainer') ?? {}
    expect(await run(code)).toEqual([['hub: not connected']])
  })

  it.each(['unknownName()', 'throw new Error("x")'])('would fail with %s', async (code) => {
    await expect(run(code)).rejects.toThrow()
  })
})
