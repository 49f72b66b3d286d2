import { createHub, dialer, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, expectNoUnhandledRejection, outcomeOf, setup } from './setup.js'

expectNoUnhandledRejection()

const fails = (text: string) => () => {
  throw new Error(text)
}

describe('7 a listener that throws', () => {
  it.each(['connected', '*', 'change'] as const)('of %s harms nobody else', (type) => {
    const { transport, hub, onError } = setup()
    const log: string[] = []
    hub.on(type, fails('bad'))
    hub.on(type, () => log.push('next'))
    hub.on('change', () => log.push('change'))
    transport.inbound(A)
    expect(log.at(0)).toBe('next')
    expect(log).toContain('change')
    expect(hub.getState(A)).toBe('connected')
    expect(onError.mock.calls).toEqual([[new Error('bad'), { origin: 'listener', call: type }]])
  })

  it('of close harms nobody else', async () => {
    const { hub, onError } = setup()
    const heard = vi.fn()
    hub.on('close', fails('bad'))
    hub.on('close', heard)
    await hub.close()
    expect(heard).toHaveBeenCalledTimes(1)
    expect(onError.mock.calls).toEqual([[new Error('bad'), { origin: 'listener', call: 'close' }]])
  })

  it('later, by its promise, is reported too', async () => {
    const { hub, transport, onError } = setup()
    hub.on('connected', async () => fails('later')())
    transport.inbound(A)
    await vi.waitFor(() => expect(onError).toHaveBeenCalled())
    const origin = { origin: 'listener', call: 'connected' }
    expect(onError.mock.calls).toEqual([[new Error('later'), origin]])
  })
})

describe('7 onError', () => {
  it('may throw: both errors are printed, and nobody is harmed', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const onError = () => {
      throw 'onError is bad'
    }
    const { hub, transport, recording } = setup({ onError })
    hub.on('connected', () => {
      throw 'bad'
    })
    transport.inbound(A)
    expect(recording.lines()).toEqual(['connected fault:a'])
    expect(print.mock.calls).toEqual([
      ['conn-hub: error in listener (connected): bad'],
      ['conn-hub: error in listener (onError): onError is bad'],
    ])
  })

  it('may reject: that is printed, and nobody is harmed', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { transport } = setup({ onError: async () => fails('onError is bad')() })
    transport.acceptAnything(undefined)
    await vi.waitFor(() => expect(print).toHaveBeenCalled())
    expect(print.mock.calls.join()).toContain('onError is bad')
  })

  it('prints where nobody gave one, with what others wrote made harmless', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    hub.on('connected', () => {
      throw '\u001b[2Jgone'
    })
    transport.inbound(A)
    const line = 'conn-hub: error in listener (connected): \\u{1b}[2Jgone'
    expect(print.mock.calls).toEqual([[line]])
  })

  it('prints the address that the error is about, and where it was made', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    transport.inbound('fault:\n\u001b').onClose = 'reject'
    transport.inbound('fault:\n\u001b').onClose = 'reject'
    await outcomeOf(hub.disconnect('fault:\n\u001b'))
    const [[line]] = print.mock.calls as [[string]]
    expect(line.split('\n    at ')[0]).toBe(
      'conn-hub: error in transport (close, fault:\n\\u{1b}): HubError: Could not close: close() rejected',
    )
    expect(line).toContain('\n    at ')
  })

  it('stands what cannot be printed', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    hub.on('connected', () => {
      throw { toString: fails('no text') }
    })
    transport.inbound(A)
    expect(print.mock.calls.join()).toContain('an error that cannot be printed')
  })
})

describe('7 a transport that throws', () => {
  it('at self is told so, and its sessions are closed', async () => {
    const { hub, transport, onError } = setup()
    Object.defineProperty(transport, 'self', { get: fails('no key') })
    const broken = {
      code: 'TRANSPORT_BROKEN',
      message: 'Reading self of the transport threw: no key',
    }
    expect(await hub.connect(A).catch((error) => error)).toMatchObject(broken)
    expect(transport.inbound(A).isOpen).toBe(false)
    expect(onError.mock.calls).toMatchObject([[broken, { origin: 'transport', call: 'listen' }]])
    expect(hub.size).toBe(0)
  })

  it('in describe() refuses the address, and keeps the cause', async () => {
    const { hub, recording } = setup()
    const error = await hub.connect('nonsense').catch((error) => error)
    expect(error).toMatchObject({
      code: 'INVALID_ADDRESS',
      message: 'The transport cannot read this address: an address looks like fault:NAME',
      cause: new Error('an address looks like fault:NAME'),
    })
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([])
  })

  it('in dial() has failed, at once or by its promise', async () => {
    const { hub, transport, recording } = setup()
    transport.dial = fails('at once')
    const first = await hub.connect(A).catch((error) => error)
    expect(first).toMatchObject({ code: 'DIAL_FAILED', message: 'Could not connect: at once' })
    // The types refuse it; at run time it is taken, as long as it gives nothing.
    transport.dial = (async () => fails('later')()) as never
    const second = await hub.connect(B).catch((error) => error)
    expect(second).toMatchObject({ code: 'DIAL_FAILED', message: 'Could not connect: later' })
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'connecting-failed fault:a',
      'connecting fault:b',
      'connecting-failed fault:b',
    ])
  })

  it('in a dialer has failed, at once or by its promise', async () => {
    const describe = () => ({})
    const first = createHub({ transport: { describe, dial: dialer(fails('at once')) } })
    expect(await outcomeOf(first.connect(A))).toBe('DIAL_FAILED')
    const second = createHub({
      transport: { describe, dial: dialer(async () => fails('later')()) },
    })
    expect(await outcomeOf(second.connect(A))).toBe('DIAL_FAILED')
  })

  it('in listen() makes no hub', () => {
    const transport: Transport<FaultSession> = createFaultTransport()
    transport.listen = fails('port in use')
    expect(() => createHub({ transport })).toThrow(
      expect.objectContaining({
        code: 'TRANSPORT_BROKEN',
        message: 'listen() of the transport threw: port in use',
      }),
    )
  })

  it('when it shall stop to listen does not keep the hub from closing', async () => {
    const transport: Transport<FaultSession> = createFaultTransport()
    transport.listen = () => fails('cannot stop')
    const onError = vi.fn()
    const hub = createHub({ transport, onError })
    await hub.close()
    const origin = { origin: 'transport', call: 'listen' }
    expect(onError.mock.calls).toEqual([[new Error('cannot stop'), origin]])
  })

  it.each(['throw', 'reject'] as const)('in close() (%s) tells who asked', async (onClose) => {
    const { hub, transport, onError } = setup()
    transport.inbound(A).onClose = onClose
    const error = await hub.disconnect(A).catch((error) => error)
    expect(error).toMatchObject({ code: 'CLOSE_FAILED' })
    expect(error.message).toMatch(/^Could not close: close\(\) (threw|rejected)$/)
    expect(onError).not.toHaveBeenCalled()
  })

  it('in close() of a second session is reported, where the first has told already', async () => {
    const { hub, transport, onError } = setup()
    transport.inbound(A).onClose = 'reject'
    transport.inbound(A).onClose = 'reject'
    expect(await outcomeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect(onError.mock.calls).toMatchObject([
      [{ code: 'CLOSE_FAILED' }, { origin: 'transport', call: 'close', address: A }],
    ])
  })

  it('in onClosed() has failed the dial, and the session is closed', async () => {
    const { hub, transport, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const session = new FaultSession('outbound')
    session.onClosed = fails('no listeners')
    transport.lastDial.succeed(session)
    expect(await outcome).toBe('TRANSPORT_BROKEN')
    expect(session.isOpen).toBe(false)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('in onClosed() of an inbound session is reported, and the session is closed', () => {
    const { hub, transport, onError } = setup()
    const session = new FaultSession('inbound')
    session.onClosed = fails('no listeners')
    transport.inbound(A, session)
    expect(session.isOpen).toBe(false)
    expect(hub.size).toBe(0)
    expect(onError.mock.calls).toMatchObject([
      [
        { code: 'TRANSPORT_BROKEN', message: 'onClosed() failed: no listeners' },
        { origin: 'transport', call: 'listen' },
      ],
    ])
  })

  it('in an async onClosed() ends the connection: nobody could hear of its end', async () => {
    const { hub, transport, onError, recording } = setup()
    const session = new FaultSession('inbound')
    session.onClosed = (async () => fails('no listeners')()) as never
    transport.inbound(A, session)
    await turns()
    expect(session.isOpen).toBe(false)
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connected fault:a', 'disconnected fault:a'])
    expect(recording.events[1]).toMatchObject({
      initiator: 'remote',
      error: { code: 'TRANSPORT_BROKEN', message: 'onClosed() failed: no listeners' },
    })
    expect(onError).not.toHaveBeenCalled()
  })

  it('in close() of a session that is refused is reported too', () => {
    const { transport, onError } = setup()
    const session = new FaultSession('inbound')
    session.onClosed = fails('no listeners')
    session.onClose = 'throw'
    transport.inbound(A, session)
    expect(onError.mock.calls).toMatchObject([
      [new Error('close() threw'), { origin: 'transport', call: 'close' }],
      [{ code: 'TRANSPORT_BROKEN' }, { origin: 'transport', call: 'listen' }],
    ])
  })
})
