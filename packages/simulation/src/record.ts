import type { MemoryLink } from '@conn-hub/conformance'
import type { Hub } from '@conn-hub/core'
import type { FakeTime } from './time/fake-time.js'
import type { Timeline } from './timeline.js'

/** Puts all that a hub tells into the timeline of its world. */
export const record = (
  hub: Hub<MemoryLink>,
  name: string,
  { time, timeline }: { readonly time: FakeTime; readonly timeline: Timeline },
): void => {
  const note = (what: string) => timeline.add(time.now, name, undefined, what)
  hub.on('*', (event) => {
    const why = 'error' in event && event.error ? String((event.error as Error).message) : ''
    const how = 'initiator' in event ? `${event.initiator}, ${event.reason}` : ''
    const words = [event.type, event.address, 'direction' in event ? event.direction : '', how, why]
    timeline.add(time.now, name, event.seq, words.filter((word) => word !== '').join(' '))
  })
  hub.on('session', ({ address, direction }) => {
    const { length } = hub.get(address)?.sessions ?? []
    if (length > 1) note(`session ${address} ${direction}, ${length} now`)
  })
  hub.on('session-closed', ({ address, direction, initiator, reason }) => {
    const { length } = hub.get(address)?.sessions ?? []
    if (length > 0)
      note(`session-closed ${address} ${direction} ${initiator}, ${reason}, ${length} left`)
  })
  hub.on('refused', ({ why, by, direction, address = '' }) => {
    note(`refused ${address} ${direction}: ${why}, by ${by}`)
  })
}
