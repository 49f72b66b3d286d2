import { describe, expect, it } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { connectedWith, sessionOf } from './setup.js'

/** How a session comes to be asked to close, and with which reason. */
const asks: [string, string, () => unknown[]][] = [
  ['disconnect() without one', 'disconnect', () => asked(({ hub }) => hub.disconnect(A))],
  ['disconnect()', 'enough', () => asked(({ hub }) => hub.disconnect(A, { reason: 'enough' }))],
  ['reset() without one', 'reset', () => asked(({ hub }) => hub.reset())],
  ['reset()', 'the network', () => asked(({ hub }) => hub.reset('the network'))],
  ['close()', 'hub-closed', () => asked(({ hub }) => hub.close())],
  ['a dial that was cancelled', 'late', () => late(({ hub }) => hub.disconnect(A))],
  ['a dial that nobody waits for', 'late', () => late(({ controller }) => controller.abort())],
  ['a hub that is closed, by a dial', 'late', () => late(({ hub }) => hub.close())],
  ['another peer', 'wrong-peer', () => refused('b')],
  ['a disconnect that runs', 'disconnecting', () => refused('a', ({ hub }) => hub.disconnect(A))],
  ['ourselves', 'self', () => self()],
  ['half a session', 'broken', () => broken()],
]

const asked = (ask: (world: ReturnType<typeof connectedWith>) => unknown) => {
  const session = sessionOf()
  ask(connectedWith(session))
  return session.reasons
}

const late = (
  end: (world: ReturnType<typeof setup> & { controller: AbortController }) => unknown,
) => {
  const session = sessionOf('at-once', undefined, { direction: 'outbound' })
  const world = { ...setup(), controller: new AbortController() }
  world.hub.connect(A, { signal: world.controller.signal }).catch(() => {})
  end(world)
  world.transport.lastDial.succeed(session)
  return session.reasons
}

const refused = (
  key: string,
  before: (world: ReturnType<typeof connectedWith>) => unknown = () => {},
) => {
  const session = sessionOf('at-once', undefined, { key })
  const world = connectedWith(sessionOf('refuse'))
  before(world)
  world.transport.inbound(A, session)
  return session.reasons
}

const self = () => {
  const session = sessionOf('at-once', undefined, { direction: 'outbound', key: 'me' })
  const { hub, transport } = setup({ self: 'me' })
  hub.connect('fault:anonymous').catch(() => {})
  transport.lastDial.succeed(session)
  return session.reasons
}

const broken = () => {
  const reasons: unknown[] = []
  const { transport } = setup()
  const session = { close: (reason: string) => reasons.push(reason), direction: 'inbound' }
  transport.acceptAnything({ address: A, session })
  return reasons
}

describe('close(reason)', () => {
  it.each(asks)('is given, by %s: %s', (_, reason, ask) => {
    expect(ask()).toEqual([reason])
  })
})

describe('the reason of onClosed', () => {
  it('is the other side’s word where it ended the link', () => {
    const session = sessionOf()
    const { recording } = connectedWith(session)
    session.end(new Error('broken'), 'bye')
    expect(recording.events.at(-1)).toMatchObject({
      type: 'disconnected',
      reason: 'bye',
      initiator: 'remote',
      error: new Error('broken'),
    })
  })

  it.each([undefined, null, '', 7, {}, ['bye'], Buffer.from('bye')])(
    'is session-closed where it is no word: %j',
    (given) => {
      const session = sessionOf()
      const { recording } = connectedWith(session)
      session.end(undefined, given as string)
      expect(recording.events.at(-1)).toMatchObject({
        reason: 'session-closed',
        initiator: 'remote',
      })
    },
  )

  it('is not told where we had asked: ours counts', () => {
    const session = sessionOf('refuse')
    const { hub, recording } = connectedWith(session)
    hub.disconnect(A, { reason: 'ours' })
    session.end(new Error('broken'), 'theirs')
    expect(recording.events.at(-1)).toMatchObject({ reason: 'ours', initiator: 'local' })
  })

  it('of two sessions is that of the last to close', () => {
    const [one, two] = [sessionOf(), sessionOf()]
    const { recording } = connectedWith(one, two)
    one.end(new Error('first'), 'first')
    two.end(undefined, 'second')
    const last = recording.events.at(-1)
    expect(last).toMatchObject({ reason: 'second', initiator: 'remote' })
    expect(last).not.toHaveProperty('error')
  })

  it('is told once, however often the session says it', () => {
    const session = sessionOf()
    const { hub, recording } = connectedWith(session)
    session.end(undefined, 'once')
    session.end(undefined, 'twice')
    expect(recording.events.filter(({ type }) => type === 'disconnected')).toHaveLength(1)
    expect(hub.size).toBe(0)
  })

  it('is cut at whole characters', () => {
    const session = sessionOf()
    const { recording } = connectedWith(session)
    session.end(undefined, `${'x'.repeat(122)}😀`)
    expect(recording.events.at(-1)).toMatchObject({ reason: 'x'.repeat(122) })
  })
})

describe('disconnect() of one session', () => {
  const world = () => {
    const [one, two] = [sessionOf('refuse'), sessionOf('refuse')]
    return { one, two, ...connectedWith(one, two) }
  }

  it('gives false where it is not in the entry, or there is no entry', async () => {
    const { hub, one } = world()
    expect(await hub.disconnect(A, { session: sessionOf() })).toBe(false)
    expect(await hub.disconnect('fault:b', { session: one })).toBe(false)
    expect(hub.getState(A)).toBe('connected')
  })

  it('asks that one alone: the entry stays connected, no event, and change tells when it has closed', async () => {
    const { hub, one, two, recording } = world()
    const disconnecting = hub.disconnect(A, { session: one, reason: 'duplicate' })
    expect([one.reasons, two.reasons]).toEqual([['duplicate'], []])
    const changes: unknown[] = []
    hub.on('change', ({ after }) => changes.push(after?.sessions))
    one.end()
    expect(await disconnecting).toBe(true)
    expect([changes, recording.lines(), hub.getState(A)]).toEqual([[[two]], [], 'connected'])
  })

  it('that is the only one is the same as without: disconnecting, then disconnected', () => {
    const session = sessionOf()
    const { hub, recording } = connectedWith(session)
    hub.disconnect(A, { session })
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnected ${A}`])
  })

  it('joins where the entry is disconnecting', async () => {
    const { hub, one, two } = world()
    const all = hub.disconnect(A, { reason: 'all' })
    const single = hub.disconnect(A, { session: one, reason: 'one' })
    one.end()
    expect(await outcomeOf(single)).toBe('pending')
    two.end()
    expect([await all, await single]).toEqual([true, true])
    expect(one.reasons).toEqual(['all'])
  })

  it('that was the last by then is told as ours, with this reason', () => {
    const { hub, one, two, recording } = world()
    hub.disconnect(A, { session: one, reason: 'duplicate' })
    two.end()
    one.end(undefined, 'theirs')
    expect(recording.events.at(-1)).toMatchObject({
      type: 'disconnected',
      reason: 'duplicate',
      initiator: 'local',
    })
  })

  it.each(['throw', 'reject'] as const)(
    'whose close() does %s rejects, and nothing else happens',
    async (bad) => {
      const [one, two] = [sessionOf(bad), sessionOf()]
      const { hub, recording } = connectedWith(one, two)
      expect(await outcomeOf(hub.disconnect(A, { session: one }))).toBe('CLOSE_FAILED')
      expect([recording.lines(), hub.get(A)?.sessions]).toEqual([[], [one, two]])
    },
  )

  it('that ran asks once, and is joined by a second call', async () => {
    const { hub, one } = world()
    const calls = [1, 2].map(() => hub.disconnect(A, { session: one }))
    one.end()
    expect(await Promise.all(calls)).toEqual([true, true])
    expect(one.reasons).toHaveLength(1)
  })

  it('is taken over by disconnect() of the address', async () => {
    const { hub, one, two, recording } = world()
    const single = hub.disconnect(A, { session: one, reason: 'one' })
    const all = hub.disconnect(A, { reason: 'all' })
    two.end()
    one.end()
    expect([await single, await all]).toEqual([true, true])
    expect(recording.events.at(-1)).toMatchObject({ reason: 'all', initiator: 'local' })
  })

  it('leaves connect() a session that nobody is closing', async () => {
    const { hub, one, two } = world()
    hub.disconnect(A, { session: one })
    expect(await hub.connect(A)).toBe(two)
  })

  it('that leaves none to connect(): it waits, and gets the next one that comes', async () => {
    const { hub, one, two, transport } = world()
    hub.disconnect(A, { session: one })
    two.end()
    const connecting = hub.connect(A)
    expect(await outcomeOf(connecting)).toBe('pending')
    const three = transport.inbound(A)
    expect(await outcomeOf(connecting)).toBe(three)
  })

  it('that leaves none to connect(), and closes: connect() dials', async () => {
    const { hub, one, two, transport } = world()
    hub.disconnect(A, { session: one })
    two.end()
    const connecting = hub.connect(A)
    one.end()
    const next = transport.lastDial.succeed()
    expect(await outcomeOf(connecting)).toBe(next)
  })
})
