import type { Address, Connection, Direction, Hub, Unsubscribe } from '@conn-hub/core'
import { FaultSession } from '@conn-hub/testkit'
import { expect } from 'vitest'

/** What the hub tells of links and of what it turned away, beside the events of entries. */
export interface EdgeEvents {
  session: { address: Address; key?: string; direction: Direction }
  'session-closed': { address: Address; key?: string; reason: string }
  refused: { by: string; why: string; direction: Direction; address?: Address; key?: string }
}

/** The members that these tests use by their names alone. */
export type EdgeHub<S> = Hub<S> & {
  on<T extends keyof EdgeEvents>(type: T, listener: (event: EdgeEvents[T]) => unknown): Unsubscribe
  subscribe(wake: () => void): () => void
}

export const edge = <S>(hub: Hub<S>): EdgeHub<S> => hub as EdgeHub<S>

/** A session of the fault transport that proves a key, or none, and may say its kind. */
export const proving = (key: string | undefined, direction: Direction, kind?: string) =>
  Object.assign(new FaultSession(direction, key), { kind })

/** The reasons with which a session is asked to close, from now on. */
export const reasonsOf = (session: FaultSession): unknown[] => {
  const reasons: unknown[] = []
  const close = session.close.bind(session) as (reason?: string) => void | Promise<void>
  session.close = (reason?: string) => {
    reasons.push(reason)
    return close(reason)
  }
  return reasons
}

/** A promise that never rejects: it gives the value, or the code of the error, whenever that comes. */
export const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error) => error.code ?? error)

/** A function that runs its work at its first call alone, so that foreign code may call the hub once. */
export const once = (work: () => void): (() => void) => {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}

/** Every open session is in an entry or was asked to close, every session in an entry is open. */
export const expectNoOrphan = (hub: Hub<FaultSession>, sessions: readonly FaultSession[]): void => {
  const held = new Set(
    [...hub.entries()].flatMap((entry: Connection<FaultSession>) => [...entry.sessions]),
  )
  for (const session of sessions) {
    if (session.isOpen && session.closeCalls === 0) expect(held).toContain(session)
  }
  for (const session of held) expect(session).toMatchObject({ isOpen: true })
}

/** Runs `work` while promises that reject unheard are counted, and gives what they rejected with. */
export const unheardIn = async (work: () => unknown): Promise<unknown[]> => {
  const others = process.listeners('unhandledRejection')
  const unheard: unknown[] = []
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (error) => unheard.push(error))
  try {
    await work()
    // Node tells of them after the microtasks.
    await new Promise(setImmediate)
    await new Promise(setImmediate)
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  }
  return unheard
}
