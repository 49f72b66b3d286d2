import { type Hub, printable } from '@conn-hub/core'
import createDebug from 'debug'
import { onToldEvent, type ToldEvent } from './told-events.js'

const debug = createDebug('ssb:conn-hub')

export const logEvents = <S>(hub: Hub<S>): void => {
  onToldEvent(hub, (event) => {
    if (debug.enabled) debug('%s', printable(toLine(event)))
  })
}

export const log = (what: string): void => debug('%s', printable(what))

const toLine = (event: ToldEvent<unknown>): string => {
  switch (event.type) {
    case 'connecting':
      return `connecting to ${event.address}`
    case 'session':
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
