import type { PlainEntry } from '../../../src/protocol.js'

export type State = PlainEntry['state']

export const STATES: readonly State[] = ['connected', 'connecting', 'disconnecting']

/** How many entries are in each state. */
export type Counts = Record<State, number>

export const noCounts = (): Counts => ({ connected: 0, connecting: 0, disconnecting: 0 })
