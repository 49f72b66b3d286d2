import { createHub, type HubError } from '@conn-hub/core'
import { createFaultTransport, createMemoryNetwork, FaultSession, record } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'

const setup = (options: { self?: string } = {}) => {
  const transport = createFaultTransport(options)
  const onError = vi.fn()
  const hub = createHub({ transport, onError })
  return { transport, hub, onError, recording: record(hub) }
}

/** An open connection to `fault:a`, dialed by us. */
const connected = async () => {
  const context = setup()
  const promise = context.hub.connect('fault:a')
  const session = context.transport.lastDial.succeed()
  await promise
  context.recording.lines()
  return { ...context, session }
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: HubError) => error.code,
  )

describe('connect', () => {
  it('has dialed, changed the state and told it when it returns', () => {
    const { hub, transport, recording } = setup()
    hub.connect('fault:a').catch(() => {})
    expect(transport.dials).toHaveLength(1)
    expect(hub.getState('fault:a')).toBe('connecting')
    expect(recording.lines()).toEqual(['connecting fault:a'])
  })

  it('resolves with the handle of the session', async () => {
    const { hub, transport, recording } = setup()
    const promise = hub.connect('fault:a')
    const session = transport.lastDial.succeed()
    expect(hub.getState('fault:a')).toBe('connected')
    expect(await promise).toBe(session)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
    expect(hub.get('fault:a')).toMatchObject({ key: 'a', kind: 'fault', sessions: [session] })
  })

  it('gives the open session of a connected address', async () => {
    const { hub, transport, session } = await connected()
    expect(await hub.connect('fault:a')).toBe(session)
    expect(transport.dials).toHaveLength(1)
  })

  it('joins the dial that is running', async () => {
    const { hub, transport } = setup()
    const both = Promise.all([hub.connect('fault:a'), hub.connect('fault:a')])
    const session = transport.lastDial.succeed()
    expect(await both).toEqual([session, session])
    expect(transport.dials).toHaveLength(1)
  })

  it('rejects all who wait when the dial fails, with the cause kept', async () => {
    const { hub, transport, recording } = setup()
    const cause = new Error('no route')
    const both = Promise.allSettled([hub.connect('fault:a'), hub.connect('fault:a')])
    transport.lastDial.fail(cause)
    for (const result of await both) {
      expect(result).toMatchObject({ reason: { code: 'DIAL_FAILED', cause } })
    }
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
    expect(hub.size).toBe(0)
  })

  it('fails when the dialer throws', async () => {
    const { hub, transport, recording } = setup()
    transport.onDial = () => {
      throw new Error('no socket')
    }
    expect(await codeOf(hub.connect('fault:a'))).toBe('DIAL_FAILED')
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('keeps the data and adds to it when it joins', async () => {
    const { hub, transport } = setup()
    const first = hub.connect('fault:a', { data: { name: 'a', skipped: undefined } })
    const second = hub.connect('fault:a', { data: { colour: 'red' } })
    transport.lastDial.succeed()
    await Promise.all([first, second])
    expect(hub.get('fault:a')?.data).toStrictEqual({ name: 'a', colour: 'red' })
  })

  it('takes the key from the caller where the address has none', async () => {
    const { hub, transport } = setup()
    const promise = hub.connect('fault:anonymous', { key: 'k' })
    expect(hub.byKey('k')).toHaveLength(1)
    transport.lastDial.succeed(new FaultSession('outbound'))
    await promise
    expect(hub.get('fault:anonymous')?.key).toBe('k')
  })

  it('learns the key from the session', async () => {
    const { hub, transport } = setup()
    const promise = hub.connect('fault:anonymous')
    expect(hub.byKey('late')).toEqual([])
    transport.lastDial.succeed(new FaultSession('outbound', 'late'))
    await promise
    expect(hub.byKey('late').map(({ address }) => address)).toEqual(['fault:anonymous'])
    await hub.disconnect('fault:anonymous')
    expect(hub.byKey('late')).toEqual([])
  })

  it('refuses our own address without dialing', async () => {
    const { hub, transport, recording } = setup({ self: 'me' })
    expect(await codeOf(hub.connect('fault:me'))).toBe('DIAL_SELF')
    expect(transport.dials).toHaveLength(0)
    expect(recording.lines()).toEqual([])
  })

  it('closes a session that turns out to lead to ourselves', async () => {
    const { hub, transport } = setup({ self: 'me' })
    const code = codeOf(hub.connect('fault:anonymous'))
    const session = transport.lastDial.succeed(new FaultSession('outbound', 'me'))
    expect(await code).toBe('DIAL_SELF')
    expect(session.isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })

  it('rejects when the session closed before it could be used', async () => {
    const { hub, transport, recording } = setup()
    const code = codeOf(hub.connect('fault:a'))
    const session = new FaultSession('outbound')
    session.end()
    transport.lastDial.succeed(session)
    expect(await code).toBe('SESSION_CLOSED')
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })
})

describe('connect during a disconnect', () => {
  it('waits for the end, then dials', async () => {
    const { hub, transport, session, recording } = await connected()
    session.onClose = 'refuse'
    const disconnected = hub.disconnect('fault:a')
    const again = hub.connect('fault:a', { data: { second: true } })
    expect(transport.dials).toHaveLength(1)
    session.end()
    expect(await disconnected).toBe(true)
    await vi.waitFor(() => expect(transport.dials).toHaveLength(2))
    expect(await Promise.all([again, transport.lastDial.succeed()])).toHaveLength(2)
    expect(hub.get('fault:a')?.data).toEqual({ second: true })
    expect(recording.lines()).toEqual([
      'disconnecting fault:a',
      'disconnected fault:a',
      'connecting fault:a',
      'connected fault:a',
    ])
  })

  it('gives the session when the disconnect fails', async () => {
    const { hub, session, transport } = await connected()
    session.onClose = 'reject'
    const disconnected = codeOf(hub.disconnect('fault:a'))
    const again = hub.connect('fault:a')
    expect(await disconnected).toBe('CLOSE_FAILED')
    expect(await again).toBe(session)
    expect(transport.dials).toHaveLength(1)
  })

  it('is cancelled by a disconnect that comes later', async () => {
    const { hub, session, transport } = await connected()
    session.onClose = 'refuse'
    const first = hub.disconnect('fault:a')
    const again = codeOf(hub.connect('fault:a'))
    const second = hub.disconnect('fault:a')
    expect(await again).toBe('DIAL_CANCELLED')
    session.end()
    expect(await Promise.all([first, second])).toEqual([true, true])
    expect(transport.dials).toHaveLength(1)
  })
})

describe('disconnect', () => {
  it('closes the session and tells it', async () => {
    const { hub, session, recording } = await connected()
    expect(await hub.disconnect('fault:a', { reason: 'bored' })).toBe(true)
    expect(session.closeCalls).toBe(1)
    expect(hub.getState('fault:a')).toBeUndefined()
    expect(recording.events.slice(-2)).toMatchObject([
      { type: 'disconnecting', reason: 'bored', initiator: 'local' },
      { type: 'disconnected', reason: 'bored', initiator: 'local' },
    ])
  })

  it('has the reason `disconnect` where nobody gives another', async () => {
    const { hub, recording } = await connected()
    await hub.disconnect('fault:a')
    expect(recording.events.slice(-2)).toMatchObject([
      { type: 'disconnecting', reason: 'disconnect' },
      { type: 'disconnected', reason: 'disconnect' },
    ])
  })

  it('has worked also where the link broke before it could close', async () => {
    const { hub, session, recording } = await connected()
    session.onClose = 'refuse'
    const disconnected = hub.disconnect('fault:a')
    const error = new Error('reset')
    session.end(error)
    expect(await disconnected).toBe(true)
    expect(recording.events.at(-1)).toMatchObject({ initiator: 'local', error })
  })

  it('asks the other sessions to close, where one cannot', async () => {
    const { hub, transport, session } = await connected()
    const second = transport.inbound('fault:a')
    session.onClose = 'throw'
    expect(await codeOf(hub.disconnect('fault:a'))).toBe('CLOSE_FAILED')
    expect(second.closeCalls).toBe(1)
    expect(hub.get('fault:a')?.sessions).toEqual([session])
  })

  it.each([
    ['throws', () => undefined],
    ['rejects', () => Promise.reject(new Error('twice'))],
  ])('does not mind a close() that %s when the session has closed', async (_, then) => {
    const { hub, session, onError } = await connected()
    session.close = () => {
      session.end()
      const closing = then()
      if (!closing) throw new Error('twice')
      return closing
    }
    expect(await hub.disconnect('fault:a')).toBe(true)
    await new Promise(setImmediate)
    expect(onError).not.toHaveBeenCalled()
  })

  it('gives false where there is nothing to close', async () => {
    const { hub, recording } = setup()
    expect(await hub.disconnect('fault:a')).toBe(false)
    expect(recording.lines()).toEqual([])
  })

  it('is shared by those who call it twice', async () => {
    const { hub, session, recording } = await connected()
    session.onClose = 'later'
    expect(await Promise.all([hub.disconnect('fault:a'), hub.disconnect('fault:a')])).toEqual([
      true,
      true,
    ])
    expect(session.closeCalls).toBe(1)
    expect(recording.lines()).toEqual(['disconnecting fault:a', 'disconnected fault:a'])
  })

  it.each(['throw', 'reject'] as const)('is undone when close() does %s', async (behaviour) => {
    const { hub, session, recording } = await connected()
    session.onClose = behaviour
    const states: unknown[] = []
    hub.on('disconnecting-failed', ({ address }) => states.push(hub.getState(address)))
    expect(await codeOf(hub.disconnect('fault:a'))).toBe('CLOSE_FAILED')
    expect(states).toEqual(['connected'])
    expect(hub.get('fault:a')?.sessions).toEqual([session])
    expect(recording.lines()).toEqual(['disconnecting fault:a', 'disconnecting-failed fault:a'])
    session.end()
    expect(recording.lines()).toEqual(['disconnected fault:a'])
  })

  it('cancels a dial, and never announces what it brings later', async () => {
    const { hub, transport, recording } = setup()
    const code = codeOf(hub.connect('fault:a'))
    const { attempt } = transport.lastDial
    expect(await hub.disconnect('fault:a')).toBe(true)
    expect(await code).toBe('DIAL_CANCELLED')
    expect(attempt.signal.aborted).toBe(true)
    const late = transport.lastDial.succeed()
    expect(late.isOpen).toBe(false)
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'disconnecting fault:a',
      'disconnected fault:a',
    ])
  })

  it('says remote when the other side went', async () => {
    const { recording, session } = await connected()
    const error = new Error('reset')
    session.end(error)
    expect(recording.events.at(-1)).toMatchObject({
      type: 'disconnected',
      initiator: 'remote',
      reason: 'session-closed',
      error,
    })
  })
})

describe('sessions that others open', () => {
  it('make an entry at once', () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound('fault:a')
    expect(hub.get('fault:a')).toMatchObject({ state: 'connected', sessions: [session], key: 'a' })
    expect(recording.events).toMatchObject([{ type: 'connected', direction: 'inbound', session }])
  })

  it('are described by their address, where they do not say it themselves', () => {
    const { hub, transport } = setup()
    transport.inbound('fault:a', new FaultSession('inbound'))
    expect(hub.get('fault:a')).toMatchObject({ key: 'a', kind: 'fault' })
  })

  it('may have an address that the transport cannot read', () => {
    const { hub, transport } = setup()
    transport.inbound('what is this')
    expect(hub.getState('what is this')).toBe('connected')
  })

  it('end the wait for a dial to the same address; its own session comes on top', async () => {
    const { hub, transport, recording } = setup()
    const promise = hub.connect('fault:a')
    const theirs = transport.inbound('fault:a')
    expect(await promise).toBe(theirs)
    const ours = transport.lastDial.succeed()
    expect(hub.get('fault:a')?.sessions).toEqual([theirs, ours])
    theirs.end()
    expect(hub.getState('fault:a')).toBe('connected')
    ours.end()
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'connected fault:a',
      'disconnected fault:a',
    ])
  })

  it('may come by the dial too: then they are one, and listened to once', async () => {
    const { hub, transport, recording } = setup()
    const promise = hub.connect('fault:a')
    const session = new FaultSession('outbound', 'a')
    const onClosed = vi.spyOn(session, 'onClosed')
    transport.inbound('fault:a', session)
    transport.lastDial.succeed(session)
    expect(await promise).toBe(session)
    expect(hub.get('fault:a')?.sessions).toEqual([session])
    expect(onClosed).toHaveBeenCalledTimes(1)
    expect(session.isOpen).toBe(true)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })

  it('stay when our own dial to the same address fails', async () => {
    const { hub, transport, recording } = setup()
    const promise = hub.connect('fault:a')
    const theirs = transport.inbound('fault:a')
    transport.lastDial.fail()
    expect(await promise).toBe(theirs)
    expect(hub.getState('fault:a')).toBe('connected')
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })

  it('are closed at once while their address is disconnecting', async () => {
    const { hub, session, transport } = await connected()
    session.onClose = 'refuse'
    const promise = hub.disconnect('fault:a')
    const late = transport.inbound('fault:a')
    expect(late.isOpen).toBe(false)
    session.end()
    await promise
  })

  it('are left alone when they are our own', () => {
    const { hub, transport } = setup({ self: 'me' })
    const session = transport.inbound('fault:me')
    expect(session.isOpen).toBe(true)
    expect(hub.size).toBe(0)
  })

  it('are ignored when they had closed already, or come twice', () => {
    const { hub, transport, recording } = setup()
    const gone = new FaultSession('inbound', 'a')
    gone.end()
    transport.inbound('fault:a', gone)
    expect(hub.size).toBe(0)
    const session = transport.inbound('fault:b')
    transport.inbound('fault:b', session)
    expect(hub.get('fault:b')?.sessions).toHaveLength(1)
    session.end()
    session.end()
    expect(recording.lines()).toEqual(['connected fault:b', 'disconnected fault:b'])
  })
})

describe('two hubs on one network', () => {
  it('see the same links', async () => {
    const network = createMemoryNetwork()
    const [a, b] = [network.endpoint('a'), network.endpoint('b')]
    const [hubA, hubB] = [createHub({ transport: a }), createHub({ transport: b })]
    const link = await hubA.connect('mem:b')
    expect(link).toBe([...a.links][0])
    expect(hubB.get('mem:a')?.sessions).toEqual([...b.links])
    // Now both dial each other: one entry, two sessions.
    await hubA.disconnect('mem:b')
    expect(hubB.size).toBe(0)
    await Promise.all([hubA.connect('mem:b'), hubB.connect('mem:a')])
    expect(hubA.size).toBe(1)
    await hubB.close()
    expect(hubA.size).toBe(0)
    expect(a.links.size + b.links.size).toBe(0)
  })
})
