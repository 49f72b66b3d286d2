import { FaultSession } from '@conn-hub/testkit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { A, setup } from '../setup.js'

const room = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }))

// As where the stack is full: one call of it has no room, and those around it have.
vi.mock(import('../../src/edges/guards.js'), async (original) => {
  const guards = await original()
  return {
    ...guards,
    surely: (work, again) => {
      if (room.left-- === 0) throw new RangeError('Maximum call stack size exceeded')
      guards.surely(work, again)
    },
  }
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const DEADLINE = 1_000

/** Two sessions of A, which end by their deadline alone. */
const begin = () => {
  const world = setup({ onError: () => {}, closeTimeout: DEADLINE })
  const sessions = [new FaultSession('inbound'), new FaultSession('inbound')] as const
  for (const session of sessions) {
    session.onClose = 'later'
    session.onDestroy = 'at-once'
    world.transport.inbound(A, session)
  }
  return { ...world, sessions }
}

/** How it has ended once all deadlines have passed. */
const outcomeOf = async (act: () => Promise<unknown>): Promise<string> => {
  let outcome = 'pending'
  const settled = () => {
    outcome = 'settled'
  }
  try {
    act().then(settled, settled)
  } catch {
    return 'thrown'
  }
  await vi.advanceTimersByTimeAsync(3 * DEADLINE)
  return outcome
}

type World = ReturnType<typeof begin>

const ENDS: Record<string, (world: World) => Promise<unknown>> = {
  'a session': ({ hub, sessions }) => hub.disconnect(A, { session: sessions[0] }),
  'an entry': ({ hub }) => hub.disconnect(A),
  'all entries': ({ hub }) => hub.reset(),
  'the hub': ({ hub }) => hub.close(),
}

it.each(Object.entries(ENDS))(
  '4 everything settles: the end of %s, wherever one step of it has no room, and whoever asks later',
  async (_, end) => {
    let wasCut = true
    for (let left = 0; wasCut; left++) {
      const world = begin()
      const { hub } = world
      room.left = left
      const first = outcomeOf(() => end(world))
      wasCut = room.left < 0
      room.left = Number.POSITIVE_INFINITY
      expect([left, await first]).not.toEqual([left, 'pending'])
      expect([left, await outcomeOf(() => hub.disconnect(A))]).not.toEqual([left, 'pending'])
      expect([left, await outcomeOf(hub.close)]).toEqual([left, 'settled'])
      expect([left, hub.size, vi.getTimerCount()]).toEqual([left, 0, 0])
    }
  },
)
