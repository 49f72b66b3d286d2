import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { compose, gate, limitInbound, limitSessions } from '../src/index.js'
import { A, B, dial, dialOf, setup } from './setup.js'

// A transport may hand a session over again before the table of the hub has it.

const all = () => 'all'

describe('a session that is handed over again while a gate is asked', () => {
  it.each([
    ['at once', { concurrent: 1 }],
    ['within a time', { max: 1, per: 60_000 }],
  ])('is one newcomer for limitInbound, and stays open (%s)', async (_, limits) => {
    const limit = limitInbound({ by: all, ...limits })
    const beforeSession = vi.fn(() => Promise.resolve(true))
    const { hub, transport, refused } = setup([limit, gate({ beforeSession })])
    const session = transport.inbound(A)
    transport.inbound(A, session)
    await turns()
    expect([session.reasons, refused, beforeSession.mock.calls.length]).toEqual([[], [], 1])
    expect(hub.get(A)?.sessions).toEqual([session])
  })

  it('does not get in after it was refused', async () => {
    const answers = [false, true]
    const beforeSession = () => Promise.resolve(answers.shift() ?? true)
    const { hub, transport } = setup([gate({ beforeSession })])
    const session = new FaultSession('inbound', 'a')
    session.onClose = 'refuse'
    transport.inbound(A, session)
    await turns()
    transport.inbound(A, session)
    await turns()
    expect([hub.size, session.reasons]).toEqual([0, ['refused']])
  })
})

it('a session that is handed over again while it waits for room takes one place', async () => {
  const limit = limitSessions({ inbound: 2, whenFull: 'prune' })
  const { hub, transport } = setup([limit])
  const old = transport.inbound('fault:old')
  old.onClose = 'refuse'
  transport.inbound('fault:other')
  const session = transport.inbound(A)
  transport.inbound(A, session)
  expect([limit.inbound, session.reasons]).toEqual([3, []])
  old.end()
  await turns()
  expect(hub.snapshot().map(({ address }) => address)).toEqual(['fault:other', A])
})

it('an answer that is given again while it waits for room is one', async () => {
  const limit = limitSessions({ perKey: 1, whenFull: 'prune' })
  const { hub, transport } = setup([limit])
  const old = transport.inbound('fault:anonymous', { key: 'a' })
  old.onClose = 'refuse'
  dial(hub, A)
  const session = dialOf(transport, A).succeed()
  dialOf(transport, A).succeed(session)
  expect(session.reasons).toEqual([])
  old.end()
  await turns()
  expect(hub.get(A)?.sessions).toEqual([session])
})

it('the same session at another address is judged, too, as the hub takes it', () => {
  const { hub, transport } = setup([limitInbound({ by: ({ address }) => address, concurrent: 1 })])
  const session = transport.inbound(A, { key: undefined })
  transport.inbound(B, session)
  expect(hub.snapshot().map(({ address }) => address)).toEqual([A, B])
})

it('what a hub had is new for the next one of the same transport', async () => {
  const base = createFaultTransport()
  const transport = compose(base, limitSessions({ inbound: 1 }))
  const first = createHub({ transport, closeTimeout: 1, onError: () => {} })
  const session = base.inbound(A)
  session.onClose = 'refuse'
  await first.close()
  const second = createHub({ transport })
  base.inbound(A, session)
  expect(second.get(A)?.sessions).toEqual([session])
})

it('one that is handed over again by the very function that is asked about it is one', () => {
  let asked = 0
  const limit = limitInbound({ by: all, concurrent: 1 })
  const beforeSession = () => {
    asked++
    transport.inbound(A, session)
    return true
  }
  const { hub, transport } = setup([limit, gate({ beforeSession })])
  const session = new FaultSession('inbound', 'a')
  transport.inbound(A, session)
  expect([asked, session.reasons, hub.get(A)?.sessions]).toEqual([1, [], [session]])
})

it('what cannot be read is told by the hub each time', () => {
  const { hub, transport, onError } = setup([limitSessions({ inbound: 1 })])
  const given = {
    session: new FaultSession('inbound'),
    get address(): string {
      throw new Error('address threw')
    },
  }
  for (const each of [{}, given, {}, given]) transport.acceptAnything(each)
  expect([hub.size, onError.mock.calls.length]).toEqual([0, 4])
})
