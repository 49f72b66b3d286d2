import { formatEvent, record } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from './setup.js'

describe('2 one order', () => {
  it('a call inside a handler takes effect at once, its events come after the running delivery', () => {
    const { hub, transport } = setup()
    const log: string[] = []
    hub.on('connected', (event) => {
      if (event.address !== A) return
      hub.disconnect(A)
      log.push(`first: ${formatEvent(event)}, now ${hub.getState(A)}`)
    })
    hub.on('*', (event) => log.push(`second: ${formatEvent(event)}`))
    transport.inbound(A)
    expect(log).toEqual([
      'first: connected fault:a, now undefined',
      'second: connected fault:a',
      'second: disconnecting fault:a',
      'second: disconnected fault:a',
    ])
  })

  it('all hear all in the same order, whoever called what inside a handler', () => {
    const { hub, transport, recording } = setup()
    transport.onDial = (dial) => dial.succeed()
    hub.on('connected', ({ address }) => {
      if (address !== A) return
      hub.connect(B)
      hub.update(A, { seen: true })
      hub.disconnect(A)
    })
    const after = record(hub)
    hub.connect(A)
    expect(after.events).toEqual(recording.events)
    expect(recording.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'connected fault:a',
      'connecting fault:b',
      'connected fault:b',
      'disconnecting fault:a',
      'disconnected fault:a',
    ])
  })

  it('a listener of its type, then one of all, then the change', () => {
    const { hub, transport } = setup()
    const log: string[] = []
    hub.on('change', ({ before, after }) => log.push(`${before?.state} > ${after?.state}`))
    hub.on('*', ({ type }) => log.push(`* ${type}`))
    hub.on('connected', () => log.push('connected'))
    transport.inbound(A)
    expect(log).toEqual(['connected', '* connected', 'undefined > connected'])
  })

  it('a change of metadata has no event and no seq, but a change', () => {
    const { hub, transport, recording } = setup()
    transport.inbound(A)
    recording.lines()
    const changes: unknown[] = []
    hub.on('change', ({ before, after }) => changes.push([before?.data, after?.data]))
    expect(hub.update(A, { n: 1 })).toBe(true)
    expect(changes).toEqual([[{}, { n: 1 }]])
    transport.inbound(B)
    expect(recording.events.map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('an update inside a handler is heard after the event that it answers', () => {
    const { hub, transport } = setup()
    const log: string[] = []
    hub.on('connected', ({ address }) => hub.update(address, { n: 1 }))
    hub.on('change', ({ after }) => log.push(`${after?.state} ${after?.data.n}`))
    transport.inbound(A)
    expect(log).toEqual(['connected undefined', 'connected 1'])
  })
})

describe('2 inside a handler', () => {
  it('of connecting, a disconnect cancels the dial before it is made', async () => {
    const { hub, transport, recording } = setup()
    hub.on('connecting', ({ address }) => hub.disconnect(address))
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_CANCELLED')
    expect(transport.dials).toHaveLength(0)
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'disconnecting fault:a',
      'disconnected fault:a',
    ])
  })

  it('of connecting, a connect joins', async () => {
    const { hub, transport } = setup()
    const inner: Promise<unknown>[] = []
    hub.on('connecting', ({ address }) => inner.push(hub.connect(address)))
    const outer = hub.connect(A)
    const session = transport.lastDial.succeed()
    expect(await Promise.all([outer, ...inner])).toEqual([session, session])
    expect(transport.dials).toHaveLength(1)
  })

  it('of connecting-failed and of disconnected, a connect dials anew', async () => {
    const { hub, transport } = setup()
    let again: Promise<unknown> | undefined
    hub.on('connecting-failed', ({ address }) => {
      again = hub.connect(address)
    })
    hub.on('disconnected', ({ address }) => {
      again = hub.connect(address)
    })
    hub.connect(A).catch(() => {})
    transport.dials[0]?.fail()
    const second = transport.dials[1]?.succeed()
    expect(await again).toBe(second)
    second?.end()
    const third = transport.dials[2]?.succeed()
    expect(await again).toBe(third)
    expect(transport.dials).toHaveLength(3)
  })

  it('of disconnecting, a connect after the session has gone is a dial of its own', async () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    let again: Promise<unknown> | undefined
    hub.on('disconnecting', () => {
      session.end()
      again = hub.connect(A)
    })
    expect(await hub.disconnect(A)).toBe(true)
    expect(hub.getState(A)).toBe('connecting')
    expect(await Promise.all([again, transport.lastDial.succeed()])).toEqual([
      transport.sessions[1],
      transport.sessions[1],
    ])
    expect(recording.lines()).toEqual([
      'connected fault:a',
      'disconnecting fault:a',
      'disconnected fault:a',
      'connecting fault:a',
      'connected fault:a',
    ])
  })

  it('of connected, a dial that begins anew does not get the session that is gone', async () => {
    const { hub, transport } = setup()
    const outcome = outcomeOf(hub.connect(A))
    let again: Promise<unknown> | undefined
    const stop = hub.on('connected', () => {
      stop()
      hub.disconnect(A)
      again = hub.connect(A)
    })
    transport.inbound(A)
    expect(await outcome).toBe('DIAL_CANCELLED')
    const ours = transport.lastDial.succeed()
    expect(await again).toBe(ours)
  })

  it('of connected, close() ends the hub after the running delivery', async () => {
    const { hub, transport, recording } = setup()
    const log: string[] = []
    hub.on('close', () => log.push('close'))
    hub.on('connected', () => {
      hub.close()
      log.push(`size ${hub.size}`)
    })
    hub.on('*', ({ type }) => log.push(type))
    transport.inbound(A)
    expect(log).toEqual(['size 0', 'connected', 'disconnecting', 'disconnected', 'close'])
    expect(recording.events.at(-1)).toMatchObject({ reason: 'hub-closed', initiator: 'local' })
  })

  it('the hub refuses new work once it closes', async () => {
    const { hub, transport } = setup()
    const codes: Promise<unknown>[] = []
    hub.on('disconnected', ({ address }) => codes.push(outcomeOf(hub.connect(address))))
    transport.inbound(A)
    await hub.close()
    expect(await Promise.all(codes)).toEqual(['HUB_CLOSED'])
    expect(hub.size).toBe(0)
  })
})

describe('connect and disconnect in a row', () => {
  it('the last call counts: two disconnects, then a connect', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const both = Promise.all([hub.disconnect(A), hub.disconnect(A)])
    const again = hub.connect(A)
    session.end()
    expect(await both).toEqual([true, true])
    await vi.waitFor(() => expect(transport.dials).toHaveLength(1))
    expect(await Promise.all([again, transport.lastDial.succeed()])).toHaveLength(2)
    expect(hub.getState(A)).toBe('connected')
  })

  it('the last call counts: a reset ends what waits to dial', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    hub.disconnect(A)
    const outcome = outcomeOf(hub.connect(A))
    const reset = hub.reset()
    session.end()
    await reset
    expect(await outcome).toBe('DIAL_CANCELLED')
    expect(transport.dials).toHaveLength(0)
  })
})
