import { FaultSession, nearTheEnd, turns } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from '../setup.js'

/** As where the stack is full: the next change of the table is cut short before it is made. */
const cutNextChange = () =>
  vi.spyOn(Date, 'now').mockImplementationOnce(() => {
    throw new RangeError('Maximum call stack size exceeded')
  })

describe('9 deadlines: where the stack is full when a transport answers', () => {
  it('that it failed, the entry leaves, and the caller hears of it', async () => {
    const { hub, transport, recording } = setup()
    transport.onDial = (dial) => {
      cutNextChange()
      dial.fail(new Error('refused'))
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('with an error that it throws, the same', async () => {
    const { hub, transport, recording } = setup()
    transport.onDial = () => {
      cutNextChange()
      throw new Error('refused')
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('with a session, that session is asked to close, and the caller hears of it', async () => {
    const { hub, transport, recording } = setup()
    const session = new FaultSession('outbound')
    transport.onDial = (dial) => {
      cutNextChange()
      dial.succeed(session)
    }
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(hub.size).toBe(0)
    expect(session.closeCalls).toBe(1)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('another connect() begins anew', async () => {
    const { hub, transport } = setup()
    transport.onDial = (dial) => {
      cutNextChange()
      dial.fail(new Error('refused'))
    }
    await outcomeOf(hub.connect(A))
    transport.onDial = (dial) => dial.succeed()
    expect(await outcomeOf(hub.connect(A))).toBe(transport.sessions[0])
  })
})

describe('6 no ghost: where the stack is full when a session ends', () => {
  it.each(['by itself', 'because it was asked to'])(
    '%s, its entry leaves in the next turn',
    async (how) => {
      const { hub, transport, recording } = setup()
      const session = transport.inbound(A)
      session.onClose = 'refuse'
      const outcome = how === 'by itself' || hub.disconnect(A)
      cutNextChange()
      session.end()
      await turns()
      expect(hub.size).toBe(0)
      expect(recording.lines().at(-1)).toBe('disconnected fault:a')
      expect(await outcomeOf(Promise.resolve(outcome))).toBe(true)
    },
  )
})

describe('2 order: where the stack is full while changes are told', () => {
  it('no listener hears one twice, or late behind another, and the rest is told in a later turn', async () => {
    let later = 0
    for (let room = 0; room < 100; room++) {
      const { hub, transport } = setup({ onError: () => {} })
      const told: unknown[][] = [[], []]
      transport.inbound(A)
      for (const list of told) hub.on('change', ({ after }) => list.push(after?.data.n))
      const made: unknown[] = []
      let n = 0
      nearTheEnd(room, () => {
        n++
        try {
          hub.update(A, { n })
        } finally {
          if (hub.get(A)?.data.n === n) made.push(n)
        }
      })
      const before = told[1]?.length ?? 0
      await turns()
      if ((told[1]?.length ?? 0) > before) later++
      // A listener that has no room itself is called in vain, and hears the next one.
      hub.update(A, { n: 'next' })
      for (const list of told) {
        const known = made.filter((change) => list.includes(change))
        expect([room, ...list]).toEqual([room, ...known, 'next'])
      }
    }
    expect(later).toBeGreaterThan(0)
  })
})

/** In ms; the clocks of a world stand until they are moved. */
const DEADLINE = 20

/** Two sessions of A, one of which refuses to close, and a dial to B that is held. */
const begin = () => {
  const deadlines = { dialTimeout: DEADLINE, closeTimeout: DEADLINE, holdTimeout: DEADLINE }
  const world = { ...setup({ onError: () => {}, ...deadlines }), calls: [] as Promise<unknown>[] }
  const { hub, transport, calls } = world
  const sessions = [transport.inbound(A), transport.inbound(A)] as const
  sessions[1].onClose = 'refuse'
  const controller = new AbortController()
  calls.push(hub.connect(B, { signal: controller.signal }), hub.connect(B))
  // Who rejects where nobody listens is told to Node, which has no room for that, and prints it.
  for (const call of calls) call.catch(() => {})
  const dial = transport.lastDial
  const release = dial.hold('why')
  return { ...world, sessions, controller, dial, release }
}

type World = ReturnType<typeof begin>

const ACTS: Record<string, (world: World) => unknown> = {
  'connect() dials, and the transport answers': ({ hub, transport }) => {
    transport.onDial = (dial) => dial.succeed()
    return hub.connect('fault:c')
  },
  'connect() dials, and the transport fails': ({ hub, transport }) => {
    transport.onDial = (dial) => dial.fail()
    return hub.connect('fault:c')
  },
  'connect() joins a dial': ({ hub }) => hub.connect(B),
  'disconnect() of sessions': ({ hub }) => hub.disconnect(A),
  'disconnect() of sessions that can be destroyed': ({ hub, sessions }) => {
    for (const session of sessions) session.onDestroy = 'at-once'
    return hub.disconnect(A)
  },
  'disconnect() of one session': ({ hub, sessions }) => hub.disconnect(A, { session: sessions[0] }),
  'disconnect() of a dial': ({ hub }) => hub.disconnect(B),
  'reset()': ({ hub }) => hub.reset(),
  'close()': ({ hub }) => hub.close(),
  'a dial is answered': ({ dial }) => void dial.succeed(),
  'a dial is answered by a wrong peer': ({ dial }) => void dial.succeed({ key: 'other' }),
  'a dial fails': ({ dial }) => dial.fail(),
  'a dial is held no more': ({ release }) => release(),
  'the signal of a call aborts': ({ controller }) => controller.abort(),
  'a session ends': ({ sessions }) => sessions[0].end(),
  'a session opens': ({ transport }) => void transport.inbound(B),
}

/** What becomes of the calls once all deadlines are over. */
const outcomesOf = async (calls: readonly Promise<unknown>[]): Promise<string[]> => {
  const outcomes = calls.map(() => 'pending')
  calls.forEach((call, i) => {
    const settled = () => {
      outcomes[i] = 'settled'
    }
    call.then(settled, settled)
  })
  await vi.advanceTimersByTimeAsync(3 * DEADLINE)
  return outcomes
}

// Node itself prints "Exception in PromiseRejectCallback" where its own hook of rejections has no room.
describe('4 everything settles: wherever the stack ends', () => {
  afterEach(() => void vi.useRealTimers())

  it.each(Object.entries(ACTS))('%s', async (_, act) => {
    vi.useFakeTimers()
    for (let room = 0; room < 100; room++) {
      const world = begin()
      const { hub, transport, calls, sessions } = world
      nearTheEnd(room, () => {
        const given = act(world)
        if (given instanceof Promise) calls.push(given)
      })
      const outcomes = await outcomesOf(calls)
      expect([room, ...outcomes]).toEqual([room, ...calls.map(() => 'settled')])
      const states = hub.snapshot().map(({ state }) => state)
      expect([room, ...states]).toEqual([room, ...states.map(() => 'connected')])
      // The hub goes on, and ends.
      sessions[1].onClose = 'at-once'
      transport.onDial = (dial) => dial.succeed()
      if (!hub.closed) {
        expect([room, await outcomesOf([hub.disconnect(A)])]).toEqual([room, ['settled']])
        expect([room, await outcomesOf([hub.connect(A)])]).toEqual([room, ['settled']])
        expect([room, hub.getState(A)]).toEqual([room, 'connected'])
      }
      expect([room, await outcomesOf([hub.close()])]).toEqual([room, ['settled']])
      expect([room, hub.size, vi.getTimerCount()]).toEqual([room, 0, 0])
    }
  })
})
