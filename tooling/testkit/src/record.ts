import type { ConnectionEvent, Hub } from '@conn-hub/core'

export interface Recording<S> {
  readonly events: ConnectionEvent<S>[]
  /** The events as short lines, `connected fault:a`, since this was read last. */
  lines(): string[]
}

/** Keeps every event of a hub. */
export const record = <S>(hub: Hub<S>): Recording<S> => {
  const events: ConnectionEvent<S>[] = []
  let read = 0
  hub.on('*', (event) => {
    events.push(event)
  })
  return {
    events,
    lines: () => {
      const lines = events.slice(read).map(formatEvent)
      read = events.length
      return lines
    },
  }
}

export const formatEvent = ({ type, address }: ConnectionEvent<unknown>): string =>
  `${type} ${address}`
