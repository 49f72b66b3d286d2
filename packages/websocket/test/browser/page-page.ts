import { createHub } from '@conn-hub/core'
import { createWebSocketTransport, tokenIdentity, watchPage } from '@conn-hub/websocket'

const start = (options: { token?: string; maxQueue?: number; timeout?: number }) => {
  const { token, maxQueue, timeout = 400 } = options
  const identity = token === undefined ? undefined : tokenIdentity({ token: () => token })
  const transport = createWebSocketTransport({ identity, maxQueue, closeTimeout: 300 })
  const hub = createHub({ transport, onError: () => {} })
  const events: string[] = []
  hub.on('*', (event) => {
    const why = event.type === 'disconnected' ? ` ${event.reason} ${event.initiator}` : ''
    events.push(`${event.type}${why}`)
  })
  const stop = watchPage(hub, { timeout })
  return { hub, events, stop }
}

Object.assign(globalThis, { start, ready: true })
