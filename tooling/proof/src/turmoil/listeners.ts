import type { MemoryLink } from '@conn-hub/conformance'
import type { Hub, Session } from '@conn-hub/core'

/**
 * Holds a hub to what its watch does not look at: all listeners hear the same in one order, each session that opened closes once, each error
 * of a listener is told once.
 *
 * @param told How many errors of listeners `onError` has got.
 */
export const listen = (hub: Hub<MemoryLink>, told: () => number): void => {
  const heard: number[] = []
  const open = new Set<Session<MemoryLink>>()
  let thrown = 0
  hub.on('*', ({ seq }) => heard.push(seq))
  hub.on('*', () => {
    if (told() !== thrown) throwLater(`${thrown} listeners threw, ${told()} were told`)
    thrown++
    throw new Error('a listener that always throws')
  })
  hub.on('*', ({ seq }) => {
    if (heard.shift() !== seq) throwLater(`event ${seq} came to two listeners in another order`)
  })
  hub.on('*', () => throwLater('a listener that had ended was called'))()
  hub.on('session', ({ address, session }) => {
    if (open.has(session)) throwLater(`a session of ${address} opened twice`)
    open.add(session)
  })
  hub.on('session-closed', ({ address, session }) => {
    if (!open.delete(session)) throwLater(`a session of ${address} closed that had not opened`)
  })
  hub.on('close', () => {
    if (open.size > 0) throwLater(`${open.size} sessions were never told to have closed`)
  })
}

/** What a listener throws is told to the hub alone: the world must hear of this. */
export const throwLater = (what: string): void => {
  setTimeout(() => {
    throw new Error(what)
  })
}
