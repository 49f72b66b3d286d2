import type { ConnectionEvent, State } from '@conn-hub/core'
import { expect } from 'vitest'

/** What may follow what, for one entry. */
const GRAMMAR: Record<string, Record<string, State | 'none'>> = {
  none: { connecting: 'connecting', connected: 'connected' },
  connecting: {
    connected: 'connected',
    'connecting-failed': 'none',
    disconnecting: 'disconnecting',
  },
  connected: { disconnecting: 'disconnecting', disconnected: 'none' },
  disconnecting: { 'disconnecting-failed': 'connected', disconnected: 'none' },
}

/** The states that events spell. Fails where they break the grammar. */
export const replay = (events: readonly ConnectionEvent<unknown>[]): Map<string, State> => {
  const states = new Map<string, State>()
  for (const event of events) {
    const before = states.get(event.address) ?? 'none'
    const after = GRAMMAR[before]?.[event.type]
    expect(after, `${event.type} after ${before}`).toBeDefined()
    if (before === 'none' && event.type === 'connected') expect(event.direction).toBe('inbound')
    if (event.type === 'disconnected') {
      expect(event.initiator).toBe(before === 'disconnecting' ? 'local' : 'remote')
    }
    if (after === undefined || after === 'none') states.delete(event.address)
    else states.set(event.address, after)
  }
  return states
}
