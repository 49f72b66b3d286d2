import { createHub, HubError, isHubError } from '@conn-hub/core'
import { createFaultTransport, FaultSession, type FaultTransport } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, setup } from './setup.js'

const brand = Symbol.for('@conn-hub/HubError')

describe('a HubError', () => {
  it('has its code in JSON, and neither stack nor cause', () => {
    const error = new HubError('DIAL_FAILED', 'no', { cause: { secret: 1 } })
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: { name: 'HubError', code: 'DIAL_FAILED', message: 'no' },
    })
  })
})

describe('isHubError()', () => {
  it('knows the errors of any copy of this package by their brand', () => {
    expect(Reflect.get(new HubError('MINE', 'of a transport'), brand)).toBe(true)
    expect(isHubError({ [brand]: true })).toBe(true)
  })

  it.each([undefined, null, 'text', 7, {}, new Error('another'), () => {}])(
    'is false for %o',
    (other) => {
      expect(isHubError(other)).toBe(false)
    },
  )
})

/** The code and the message of what a call throws, or its promise. */
const saidBy = async (call: () => unknown): Promise<string> => {
  try {
    await call()
  } catch (error) {
    if (isHubError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  throw new Error('nothing was thrown')
}

/** What an answer of the transport makes of a dial. */
const dialed = (answer: (transport: FaultTransport) => unknown, address = A) => {
  const { hub, transport } = setup({ self: 'me' })
  return saidBy(() => {
    const connecting = hub.connect(address)
    answer(transport)
    return connecting
  })
}

describe('a message says what happened', () => {
  it('where an address is our own, or leads to ourselves', async () => {
    expect(await dialed(() => {}, 'fault:me')).toBe(
      'DIAL_SELF: This address is our own: nothing to connect to.',
    )
    expect(
      await dialed(({ lastDial }) => lastDial.succeed(new FaultSession('outbound', 'me'))),
    ).toBe('DIAL_SELF: This address is our own: nothing to connect to.')
  })

  it('where a session had closed', async () => {
    const gone = new FaultSession('outbound')
    gone.end()
    expect(await dialed(({ lastDial }) => lastDial.succeed(gone))).toBe(
      'SESSION_CLOSED: The session closed at once. Try again.',
    )
  })

  it('where a dial was given up', async () => {
    const { hub, transport } = setup()
    const cancelled = saidBy(() => hub.connect(A))
    hub.disconnect(A)
    expect(await cancelled).toBe('DIAL_CANCELLED: disconnect() was called during the dial.')
    const closed = saidBy(() => hub.connect(A))
    hub.close()
    expect(await closed).toBe('HUB_CLOSED: This hub is closed. Create a new one.')
    expect(transport.dials).toHaveLength(2)
  })

  it('where an extra dial ended with its entry', async () => {
    const { hub, transport } = setup()
    const connecting = hub.connect(A)
    const { signal } = transport.lastDial.attempt
    transport.inbound(A).end()
    await connecting
    expect(signal.reason.message).toBe('The connection ended, and this extra dial with it.')
  })

  it('where a signal had aborted', async () => {
    const { hub } = setup()
    const signal = AbortSignal.abort()
    expect(await saidBy(() => hub.connect(A, { signal }))).toBe(
      'ABORTED: The signal that was passed has aborted this call.',
    )
  })

  it('where listen() gives no function', async () => {
    const transport = createFaultTransport()
    transport.listen = () => 7 as never
    expect(await saidBy(() => createHub({ transport }))).toBe(
      'TRANSPORT_BROKEN: The transport broke its port: what listen() returns must be a function that ends it, not a number.',
    )
  })

  it('with 500 characters of what the transport said', async () => {
    const long = new Error('x'.repeat(501))
    expect(await dialed(({ lastDial }) => lastDial.fail(long))).toBe(
      `DIAL_FAILED: Could not connect: ${'x'.repeat(500)}`,
    )
  })

  it('also where what the transport said cannot be printed', async () => {
    const mute = {
      toString: () => {
        throw new Error('no text')
      },
    }
    expect(await dialed(({ lastDial }) => lastDial.fail(mute))).toBe(
      'DIAL_FAILED: Could not connect: an error that cannot be printed',
    )
  })
})
