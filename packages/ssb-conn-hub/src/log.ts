import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { printable } from '@conn-hub/core'
import createDebug from 'debug'
import type { FurtherSession, FurtherSessions } from './further-sessions.js'

type Logged = ConnectionEvent<unknown> | FurtherSession<unknown>

const debug = createDebug('ssb:conn-hub')

export const logEvents = <S>(hub: Hub<S>, further: FurtherSessions<S>): void => {
  const logEvent = (event: Logged) => {
    if (debug.enabled) debug('%s', printable(toLine(event)))
  }
  hub.on('*', logEvent)
  further.on(logEvent)
}

export const log = (what: string): void => debug('%s', printable(what))

const toLine = (event: Logged): string => {
  switch (event.type) {
    case 'connecting':
      return `connecting to ${event.address}`
    case 'connected':
      return event.direction === 'inbound'
        ? `connected to ${event.address}, which dialed us`
        : `connected to ${event.address}`
    case 'connecting-failed':
      return `failed to connect to ${event.address} because: ${event.error.message}`
    case 'disconnecting':
      return `disconnecting from ${event.address}: ${event.reason}`
    case 'disconnecting-failed':
      return `failed to disconnect from ${event.address} because: ${event.error.message}`
    case 'disconnected':
      return `disconnected from ${event.address}: ${event.reason} (${event.initiator})`
  }
}
