import type { PlainEvent } from '../../../src/protocol.js'

/** In characters, or what takes as much: what a page remembers of events, some 6 MB. */
export const WEIGHT = 3_000_000
/** What an event takes beside its texts. */
const ITSELF = 150

export const weightOfEvent = ({ address, key = '', reason = '', error }: PlainEvent): number =>
  ITSELF + address.length + key.length + reason.length + (error?.message.length ?? 0)
