import { createHub } from '@conn-hub/core'
import { createView, type View } from '@conn-hub/core/view'
import { createMemoryNetwork, type MemoryLink } from '@conn-hub/testkit'
import { caller } from '../../src/soak/memory-world.js'

export interface Flood {
  /** When all have come: entries, and open links of the transport. */
  readonly entries: number
  readonly links: number
  /** In ms: how long they took to come, and to go. */
  readonly came: number
  readonly went: number
  /** When all have gone. */
  readonly left: { readonly entries: number; readonly links: number }
  readonly events: number
  /** What `onError` got of the listener that throws at each event. */
  readonly errors: number
  /** How many events waited at most for a reader that never came. */
  readonly waiting: number
}

const CAPACITY = 1_000

/** So many peers open a session with us in one turn of the event loop, and leave in the next. */
export const flood = async (sessions = 10_000): Promise<Flood> => {
  const network = createMemoryNetwork()
  const us = network.endpoint('us')
  let errors = 0
  let events = 0
  const onError = () => {
    errors++
  }
  const hub = createHub<MemoryLink>({ transport: us, onError })
  hub.on('*', () => {
    throw new Error('a listener that throws at each event')
  })
  hub.on('*', () => {
    events++
  })
  const reader = createView(hub, 'events', { capacity: CAPACITY })
  reader.start(() => {})

  const begun = performance.now()
  for (let i = 0; i < sessions; i++) network.endpoint(`peer${i}`).dial(us.address, caller)
  const came = performance.now() - begun
  const all = { entries: hub.size, links: us.links.size }
  await new Promise(setImmediate)
  const going = performance.now()
  for (const link of [...us.links]) link.peer?.close()
  const went = performance.now() - going
  const left = { entries: hub.size, links: us.links.size }
  const waiting = countWaiting(reader)
  await hub.close()
  return { ...all, came, went, left, events, errors, waiting }
}

const countWaiting = (view: View<unknown>): number => {
  let waiting = 0
  while (view.take() !== undefined) waiting++
  return waiting
}
