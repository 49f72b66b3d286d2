import { createHub } from '@conn-hub/core'
import { describe, expect, it, vi } from 'vitest'
import { conformance, createMemoryNetwork, watchContract } from '../src/index.js'

// What somebody writes who has read the page too fast.

const setup = () => ({}) as never
const hub = createHub({ transport: createMemoryNetwork().endpoint('anna') })
const any = (value: unknown) => value as never

describe('options that are wrong', () => {
  it.each<[string, () => unknown, string]>([
    ['no options', () => conformance(any(undefined)), '"options" must be an object with setup'],
    ['setUp', () => conformance(any({ setup, setUp: setup })), 'There is no option "setUp"'],
    ['latncy', () => createMemoryNetwork(any({ latncy: 3 })), 'There is no option "latncy"'],
    ['a number', () => createMemoryNetwork(any(3)), '"options" must be an object with latency'],
    ['onbroken', () => watchContract(hub, any({ onbroken() {} })), 'no option "onbroken"'],
  ])('are named: %s', (_, call, message) => {
    expect(call).toThrowError(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(message),
      }),
    )
  })

  it.each([
    ['nothing', undefined],
    ['no peers', {}],
    ['one peer', { peers: [{ transport: {} }] }],
    ['transports for peers', { peers: [{ dial() {} }, { dial() {} }] }],
  ])('are named where setup() gives %s', async (_, subject) => {
    const teardown = vi.fn()
    const [first] = conformance({ setup: () => any(subject), teardown })
    await expect(first?.run()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message:
        'The option "setup" must be a function that gives { peers: [{ transport, address }, { transport, address }], deadAddress }.',
    })
    expect(teardown).toHaveBeenCalledOnce()
  })
})
