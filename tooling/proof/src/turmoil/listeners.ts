import type { MemoryLink } from '@conn-hub/conformance'
import type { Hub, Session } from '@conn-hub/core'

/**
 * Holds a hub to what its watch does not look at: all listeners hear the same in one order, each session that opened closes once, each error
 * of a listener is told once, and the calls that wait are no more than were made.
 *
 * @param told How many errors of listeners `onError` has got.
 */
export const listen = (hub: Hub<MemoryLink>, told: () => number): void => {
  const heard: number[] = []
  const open = new Set<Session<MemoryLink>>()
  let thrown = 0
  hub.on('*', ({ seq }) => heard.push(seq))
  hub.on('*', () => {
    if (told() !== thrown) fail(`${thrown} listeners threw, ${told()} were told`)
    thrown++
    throw new Error('a listener that always throws')
  })
  hub.on('*', ({ seq }) => {
    if (heard.shift() !== seq) fail(`event ${seq} came to two listeners in another order`)
  })
  hub.on('*', () => fail('a listener that had ended was called'))()
  hub.on('session', ({ address, session }) => {
    if (open.has(session)) fail(`a session of ${address} opened twice`)
    open.add(session)
  })
  hub.on('session-closed', ({ address, session }) => {
    if (!open.delete(session)) fail(`a session of ${address} closed that had not opened`)
  })
  hub.on('close', () => {
    if (open.size > 0) fail(`${open.size} sessions were never told to have closed`)
  })
}

/** In a listener it would be told to the hub alone: the world must hear of it. */
const fail = (what: string): void => {
  setTimeout(() => {
    throw new Error(what)
  })
}
