import { type ConnectionEvent, printable } from '@conn-hub/core'

const MAX_LENGTH = 60

/** What others say may be long, and may hold what steers a terminal. */
export const short = (text: string, length = MAX_LENGTH): string => {
  const safe = printable(text).replace(/\s+/g, ' ')
  return safe.length <= length ? safe : `${safe.slice(0, length - 1)}…`
}

/** The address with the first letters of its key: the rest is long, and says little to people. */
export const shortAddress = (address: string): string =>
  short(address.replace(/~shs:(.{5}).*$/, '~$1…'))

/** What happened, in a few words. */
export const describeEvent = (event: ConnectionEvent<unknown>): string => {
  switch (event.type) {
    case 'connecting':
      return 'connecting'
    case 'connected':
      return `connected, ${event.direction}`
    case 'connecting-failed':
    case 'disconnecting-failed':
      return `${event.type}: ${short(event.error.message)}`
    case 'disconnecting':
      return `disconnecting: ${short(event.reason)}`
    case 'disconnected':
      return event.initiator === 'local'
        ? `disconnected by us: ${short(event.reason)}`
        : 'disconnected by them'
  }
}
