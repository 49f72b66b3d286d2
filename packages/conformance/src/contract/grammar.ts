import type { Connection, EventType, State } from '@conn-hub/core'

/** `none`: there is no entry. */
export type Spelled = State | 'none'

/** The table of states: what may follow what, for one entry. */
const TABLE: Record<Spelled, Partial<Record<EventType, Spelled>>> = {
  none: { connecting: 'connecting', connected: 'connected' },
  connecting: {
    connected: 'connected',
    'connecting-failed': 'none',
    disconnecting: 'disconnecting',
  },
  connected: { disconnecting: 'disconnecting', disconnected: 'none' },
  disconnecting: { 'disconnecting-failed': 'connected', disconnected: 'none' },
}

/** Where each event leads, wherever it came from. */
const LEADS_TO: Record<EventType, Spelled> = {
  connecting: 'connecting',
  'connecting-failed': 'none',
  connected: 'connected',
  disconnecting: 'disconnecting',
  'disconnecting-failed': 'connected',
  disconnected: 'none',
}

export const isInTable = (before: Spelled, type: EventType): boolean => type in TABLE[before]

export const leadsTo = (type: EventType): Spelled => LEADS_TO[type]

export const spelledBy = (entry: Connection<unknown> | undefined): Spelled => entry?.state ?? 'none'
