import type { PlainEntry, PlainEvent } from '../../src/protocol.js'

export const entry = (address: string, more: Partial<PlainEntry> = {}): PlainEntry => ({
  address,
  state: 'connected',
  sessions: 1,
  createdAt: 0,
  since: 0,
  updatedAt: 0,
  ...more,
})

export const event = (
  seq: number,
  type: PlainEvent['type'],
  address: string,
  at = 0,
  direction?: 'inbound' | 'outbound',
): PlainEvent => ({ seq, type, address, at, ...(direction && { direction }) })
