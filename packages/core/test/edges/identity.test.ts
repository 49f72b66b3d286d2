import type { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { type EdgeEvents, edge, proving, reasonsOf } from './setup.js'

/** An address that names no key. */
const ANY = 'fault:anonymous'

type World = ReturnType<typeof setup>

const changesOf = ({ hub }: World): unknown[] => {
  const changes: unknown[] = []
  hub.on('change', ({ before, after }) => changes.push([before?.key, after?.key]))
  return changes
}

const refusalsOf = ({ hub }: World): EdgeEvents['refused'][] => {
  const refusals: EdgeEvents['refused'][] = []
  edge(hub).on('refused', (refusal) => refusals.push(refusal))
  return refusals
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: Error) => error.message,
  )

describe('11 identity: a dial whose session proves another key than its name', () => {
  const names = [
    ['the address', A, undefined],
    ['the caller', ANY, 'a'],
  ] as const

  it.each(names)(
    'fails with WRONG_PEER and both keys, where %s gave the name',
    async (_, address, key) => {
      const { hub, transport, recording } = setup()
      const dialing = hub.connect(address, key === undefined ? {} : { key })
      const message = messageOf(dialing)
      const outcome = outcomeOf(dialing)
      const session = transport.lastDial.succeed(proving('evil', 'outbound'))
      expect(await outcome).toBe('WRONG_PEER')
      expect(await message).toContain('evil')
      expect(await message).toMatch(/\ba\b/)
      expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
      expect([...hub.entries(), ...hub.byKey('a'), ...hub.byKey('evil')]).toEqual([])
      expect(recording.lines()).toEqual([`connecting ${address}`, `connecting-failed ${address}`])
      expect(recording.events.at(-1)).toMatchObject({ error: { code: 'WRONG_PEER' } })
    },
  )

  it('has it closed with the reason wrong-peer', () => {
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    const session = proving('evil', 'outbound')
    const reasons = reasonsOf(session)
    transport.lastDial.succeed(session)
    expect(reasons).toEqual(['wrong-peer'])
  })

  it('is told as refused', () => {
    const world = setup()
    const refusals = refusalsOf(world)
    world.hub.connect(A).catch(() => {})
    world.transport.lastDial.succeed(proving('evil', 'outbound'))
    expect(refusals).toMatchObject([
      { why: 'wrong-peer', direction: 'outbound', address: A, key: 'evil' },
    ])
  })

  it('fails for all who joined it', async () => {
    const { hub, transport } = setup()
    const outcomes = [outcomeOf(hub.connect(A)), outcomeOf(hub.connect(A))]
    transport.lastDial.succeed(proving('evil', 'outbound'))
    expect(await Promise.all(outcomes)).toEqual(['WRONG_PEER', 'WRONG_PEER'])
  })

  it('may be dialed again at once, by a handler of connecting-failed', async () => {
    const { hub, transport } = setup()
    let again: Promise<unknown> | undefined
    hub.on('connecting-failed', () => {
      again = hub.connect(A)
    })
    hub.connect(A).catch(() => {})
    transport.lastDial.succeed(proving('evil', 'outbound'))
    const right = transport.lastDial.succeed()
    expect(await again).toBe(right)
    expect(hub.byKey('a')).toEqual([hub.get(A)])
  })

  it('fails also where the session stays open when it is asked to close', async () => {
    const { hub, transport, onError } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const session = proving('evil', 'outbound')
    session.onClose = 'throw'
    transport.lastDial.succeed(session)
    expect(await outcome).toBe('WRONG_PEER')
    expect(hub.get(A)).toBeUndefined()
    expect(onError).toHaveBeenCalledTimes(1)
    session.end()
    expect(hub.get(A)).toBeUndefined()
  })

  it('as an extra attempt of a connected entry ends without an event', async () => {
    const { hub, transport, recording } = setup()
    const dialing = hub.connect(A)
    const inbound = transport.inbound(A)
    expect(await dialing).toBe(inbound)
    const before = hub.get(A)
    recording.lines()
    const session = transport.lastDial.succeed(proving('evil', 'outbound'))
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(A)).toBe(before)
    expect(recording.lines()).toEqual([])
    expect(hub.byKey('evil')).toEqual([])
  })

  it('as an extra attempt is held against what an inbound session proved, too', async () => {
    const { hub, transport } = setup()
    const dialing = hub.connect(ANY)
    const inbound = transport.inbound(ANY, proving('a', 'inbound'))
    expect(await dialing).toBe(inbound)
    const session = transport.lastDial.succeed(proving('evil', 'outbound'))
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(ANY)?.sessions).toEqual([inbound])
  })
})

describe('11 identity: an inbound session that proves another key', () => {
  it('than its entry has proved is closed, and the entry stays as it was', () => {
    const { hub, transport, recording } = setup()
    transport.inbound(ANY, proving('a', 'inbound'))
    const before = hub.get(ANY)
    recording.lines()
    const session = proving('evil', 'inbound')
    const reasons = reasonsOf(session)
    transport.inbound(ANY, session)
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(ANY)).toBe(before)
    expect(hub.byKey('evil')).toEqual([])
    expect(recording.lines()).toEqual([])
    expect(reasons).toEqual(['wrong-peer'])
  })

  it('than the name of a dial is closed, and the dial goes on', async () => {
    const { hub, transport, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const before = hub.get(A)
    const session = transport.inbound(A, proving('evil', 'inbound'))
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(A)).toBe(before)
    const right = transport.lastDial.succeed()
    expect(await outcome).toBe(right)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })

  it('than the name of an entry whose session has no key is closed', async () => {
    const { hub, transport } = setup()
    const dialing = hub.connect(A)
    const keyless = transport.lastDial.succeed(proving(undefined, 'outbound'))
    await dialing
    const session = transport.inbound(A, proving('evil', 'inbound'))
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(A)).toMatchObject({ key: 'a', sessions: [keyless] })
  })

  it('than its own address names is closed', () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A, proving('evil', 'inbound'))
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(A)).toBeUndefined()
    expect(recording.lines()).toEqual([])
  })

  it('is told as refused', () => {
    const world = setup()
    const refusals = refusalsOf(world)
    world.transport.inbound(ANY, proving('a', 'inbound'))
    world.transport.inbound(ANY, proving('evil', 'inbound'))
    expect(refusals).toMatchObject([
      { why: 'wrong-peer', direction: 'inbound', address: ANY, key: 'evil' },
    ])
  })
})

describe('11 identity: a caller who expects another key than that of the session', () => {
  it('of a connected entry rejects alone, and changes nothing', async () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    const before = hub.get(A)
    recording.lines()
    const calling = hub.connect(A, { key: 'other', data: { by: 'other' } })
    const message = messageOf(calling)
    expect(await outcomeOf(calling)).toBe('WRONG_PEER')
    expect(await message).toContain('other')
    expect(session).toMatchObject({ closeCalls: 0, isOpen: true })
    expect(hub.get(A)).toBe(before)
    expect(await outcomeOf(hub.connect(A, { key: 'a' }))).toBe(session)
    expect(recording.lines()).toEqual([])
  })

  it('of the dial that it joined rejects alone; the others get the session', async () => {
    const { hub, transport, recording } = setup()
    const first = outcomeOf(hub.connect(ANY))
    const wrong = outcomeOf(hub.connect(ANY, { key: 'other' }))
    const right = outcomeOf(hub.connect(ANY, { key: 'a' }))
    const session = transport.lastDial.succeed(proving('a', 'outbound'))
    expect(await Promise.all([first, wrong, right])).toEqual([session, 'WRONG_PEER', session])
    expect(hub.get(ANY)).toMatchObject({ state: 'connected', key: 'a' })
    expect(recording.lines()).toEqual([`connecting ${ANY}`, `connected ${ANY}`])
  })

  it('of an inbound session that ends the wait for a dial rejects alone', async () => {
    const { hub, transport } = setup()
    const first = outcomeOf(hub.connect(ANY))
    const wrong = outcomeOf(hub.connect(ANY, { key: 'other' }))
    const session = transport.inbound(ANY, proving('a', 'inbound'))
    expect(await Promise.all([first, wrong])).toEqual([session, 'WRONG_PEER'])
    expect(hub.get(ANY)).toMatchObject({ state: 'connected', key: 'a' })
  })

  it('that stayed open after a disconnect rejects alone', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'reject'
    const disconnecting = outcomeOf(hub.disconnect(A))
    const wrong = outcomeOf(hub.connect(A, { key: 'other' }))
    const right = outcomeOf(hub.connect(A, { key: 'a' }))
    expect(await Promise.all([disconnecting, wrong, right])).toEqual([
      'CLOSE_FAILED',
      'WRONG_PEER',
      session,
    ])
  })

  it('rejects too where the address names the key that the session proves', async () => {
    const { hub, transport } = setup()
    const outcome = outcomeOf(hub.connect(A, { key: 'other' }))
    transport.dials[0]?.succeed()
    expect(await outcome).toBe('WRONG_PEER')
  })

  it('gets a session that proves nothing', async () => {
    const { hub, transport } = setup()
    const outcomes = [outcomeOf(hub.connect(ANY)), outcomeOf(hub.connect(ANY, { key: 'a' }))]
    const session = transport.lastDial.succeed(proving(undefined, 'outbound'))
    expect(await Promise.all(outcomes)).toEqual([session, session])
  })
})

describe('11 identity: the key that an entry shows', () => {
  const entryWithout = async (address: string): Promise<World & { keyless: FaultSession }> => {
    const world = setup()
    const dialing = world.hub.connect(address)
    const keyless = world.transport.lastDial.succeed(proving(undefined, 'outbound'))
    await dialing
    world.recording.lines()
    return { ...world, keyless }
  }

  it('is the name until a session has proved one', async () => {
    const { hub, transport } = setup()
    hub.connect(ANY, { key: 'a' })
    expect(hub.get(ANY)).toMatchObject({ state: 'connecting', key: 'a' })
    expect(hub.byKey('a')).toEqual([hub.get(ANY)])
    transport.lastDial.succeed(proving(undefined, 'outbound'))
    expect(hub.get(ANY)).toMatchObject({ state: 'connected', key: 'a' })
  })

  it('is the one that the second session proves, where there was none: change tells it, and no event', async () => {
    const world = await entryWithout(ANY)
    const { hub, transport, recording, keyless } = world
    const changes = changesOf(world)
    const second = transport.inbound(ANY, proving('a', 'inbound'))
    expect(hub.get(ANY)).toMatchObject({ key: 'a', sessions: [keyless, second] })
    expect(hub.byKey('a')).toEqual([hub.get(ANY)])
    expect(changes).toEqual([[undefined, 'a']])
    expect(recording.lines()).toEqual([])
  })

  it('holds from then on: a third session that proves another is closed', async () => {
    const { hub, transport, keyless } = await entryWithout(ANY)
    const second = transport.inbound(ANY, proving('a', 'inbound'))
    const third = transport.inbound(ANY, proving('evil', 'inbound'))
    expect(third).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(ANY)).toMatchObject({ key: 'a', sessions: [keyless, second] })
  })

  it('is in the events that follow, and leaves the index with the entry', async () => {
    const { hub, transport, recording } = await entryWithout(ANY)
    transport.inbound(ANY, proving('a', 'inbound'))
    await hub.disconnect(ANY)
    expect(recording.events.slice(-2)).toMatchObject([
      { type: 'disconnecting', key: 'a' },
      { type: 'disconnected', key: 'a' },
    ])
    expect(hub.byKey('a')).toEqual([])
  })

  it('is the proof, where the same entry had it as a name', async () => {
    const { hub, transport, keyless } = await entryWithout(A)
    const second = transport.inbound(A)
    expect(hub.get(A)).toMatchObject({ key: 'a', sessions: [keyless, second] })
    expect(hub.byKey('a')).toEqual([hub.get(A)])
  })

  it('is the proved one in the event connected, where neither address nor caller gave a name', async () => {
    const { hub, transport, recording } = setup()
    hub.connect(ANY)
    transport.lastDial.succeed(proving('a', 'outbound'))
    expect(recording.events.at(-1)).toMatchObject({ type: 'connected', key: 'a' })
    expect(hub.byKey('a')).toEqual([hub.get(ANY)])
  })
})

describe('11 identity: the kind of an open session', () => {
  it.each(['outbound', 'inbound'] as const)(
    'counts more than that of its address, where it is %s',
    (direction) => {
      const { hub, transport } = setup()
      const session = proving('a', direction, 'tunnel')
      if (direction === 'inbound') transport.inbound(A, session)
      else {
        hub.connect(A)
        transport.lastDial.succeed(session)
      }
      expect(hub.get(A)).toMatchObject({ key: 'a', kind: 'tunnel' })
    },
  )
})
