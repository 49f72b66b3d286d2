import type { Refusal } from '@conn-hub/core'
import { describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf } from '../setup.js'
import { sessionOf, setupSide } from './setup.js'

describe('the side of a hub', () => {
  it('is live: get, byKey, entries and size are those of the hub', () => {
    const { hub, transport, side } = setupSide()
    expect([side.size, side.get(A), side.byKey('a'), [...side.entries()]]).toEqual([
      0,
      undefined,
      [],
      [],
    ])
    transport.inbound(A)
    expect(side.size).toBe(1)
    expect(side.get(A)).toBe(hub.get(A))
    expect(side.byKey('a')).toEqual(hub.byKey('a'))
    expect([...side.entries()]).toEqual(hub.snapshot())
  })

  it('counts the sessions of each direction when they enter and leave the entries', () => {
    const { hub, transport, side } = setupSide()
    const { sessions } = side
    const counts = () => [sessions.inbound, sessions.outbound]
    const [one, two] = [transport.inbound(A), transport.inbound(A)]
    expect(counts()).toEqual([2, 0])
    hub.connect(B).catch(() => {})
    expect(counts()).toEqual([2, 0])
    transport.lastDial.succeed()
    expect(counts()).toEqual([2, 1])
    one.end()
    one.end()
    expect(counts()).toEqual([1, 1])
    two.onClose = 'refuse'
    hub.disconnect(A)
    expect(counts()).toEqual([1, 1])
    transport.inbound(A)
    expect(counts()).toEqual([1, 1])
    hub.close()
    expect(counts()).toEqual([0, 0])
  })

  it('reads a direction once: a session that says something else later changes no count, and is told as it came', () => {
    const { hub, transport, side } = setupSide()
    const closed: unknown[] = []
    hub.on('session-closed', ({ direction }) => closed.push(direction))
    const session = sessionOf()
    transport.inbound(A, session)
    Object.defineProperty(session, 'direction', { value: 'outbound' })
    session.end()
    expect([side.sessions.inbound, side.sessions.outbound]).toEqual([0, 0])
    expect(closed).toEqual(['inbound'])
  })

  it('has counted a session that a listener hears of', () => {
    const { hub, transport, side } = setupSide()
    const seen: number[] = []
    hub.on('connected', () => seen.push(side.sessions.inbound))
    hub.on('disconnected', () => seen.push(side.sessions.inbound))
    transport.inbound(A).end()
    expect(seen).toEqual([1, 0])
  })

  it('disconnects as ours: the reason is told with the initiator local', async () => {
    const { transport, side, recording } = setupSide()
    transport.inbound(A)
    expect(await side.disconnect(A, { reason: 'limit' })).toBe(true)
    expect(recording.events.slice(1)).toMatchObject([
      { type: 'disconnecting', reason: 'limit', initiator: 'local' },
      { type: 'disconnected', reason: 'limit', initiator: 'local' },
    ])
  })

  it('disconnects one session, which is told as ours', async () => {
    const { hub, transport, side } = setupSide()
    const [one, two] = [transport.inbound(A), transport.inbound(A)]
    const told: unknown[] = []
    hub.on('session-closed', (event) => told.push(event))
    expect(await side.disconnect(A, { session: one, reason: 'duplicate' })).toBe(true)
    expect(told).toMatchObject([{ session: one, reason: 'duplicate', initiator: 'local' }])
    expect(side.get(A)?.sessions).toEqual([two])
  })

  it('tells what a part of the transport refused', () => {
    const { hub, side } = setupSide()
    const told: Refusal[] = []
    hub.on('refused', (refusal) => told.push(refusal))
    const refusal = {
      by: 'gate',
      why: 'not in the list',
      direction: 'inbound',
      address: A,
      key: 'a',
      kind: 'lan',
    } as const
    side.refused(refusal)
    expect(told).toEqual([refusal])
  })

  it('cuts what is too long, and makes by and why printable', () => {
    const { hub, side } = setupSide()
    const told: Refusal[] = []
    hub.on('refused', (refusal) => told.push(refusal))
    const long = 'x'.repeat(1_000_000)
    side.refused({
      by: '\u001b[2J',
      why: long,
      direction: 'outbound',
      address: long,
      key: long,
      kind: long,
    })
    const [refusal] = told
    expect(refusal?.by).toBe('\\u{1b}[2J')
    expect(refusal?.why).toHaveLength(123)
    expect([refusal?.address?.length, refusal?.key?.length, refusal?.kind?.length]).toEqual([
      4096, 4096, 4096,
    ])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'full'],
    ['no by', { why: 'full', direction: 'inbound' }],
    ['no why', { by: 'gate', direction: 'inbound' }],
    ['a getter that throws', Object.defineProperty({}, 'by', { get: throws })],
  ])('never throws, and reports what is no refusal: %s', (_, given) => {
    const { hub, side, onError } = setupSide()
    const told = vi.fn()
    hub.on('refused', told)
    expect(() => side.refused(given as Refusal)).not.toThrow()
    expect(told).not.toHaveBeenCalled()
    expect(onError).toHaveBeenCalledTimes(1)
    expect(onError.mock.calls[0]?.[1]).toMatchObject({ origin: 'transport', call: 'refused' })
  })

  it('is silent where nobody listens to refused, and after the end', () => {
    const { hub, side, onError } = setupSide()
    const told = vi.fn()
    side.refused({ by: 'gate', why: 'full', direction: 'inbound' })
    hub.on('refused', told)
    hub.close()
    side.refused({ by: 'gate', why: 'full', direction: 'inbound' })
    expect(told).not.toHaveBeenCalled()
    expect(onError).not.toHaveBeenCalled()
  })

  it('refuses to disconnect after the end, and shows an empty hub', async () => {
    const { hub, transport, side } = setupSide()
    transport.inbound(A)
    hub.close()
    expect(await outcomeOf(side.disconnect(A))).toBe('HUB_CLOSED')
    expect([side.size, side.get(A)]).toEqual([0, undefined])
  })

  it('is frozen, and another one for each hub', () => {
    const [one, two] = [setupSide(), setupSide()]
    expect(Object.isFrozen(one.side) && Object.isFrozen(one.side.sessions)).toBe(true)
    one.transport.inbound(A, sessionOf())
    expect([one.side.size, two.side.size]).toEqual([1, 0])
  })
})

const throws = () => {
  throw new Error('a getter threw')
}
