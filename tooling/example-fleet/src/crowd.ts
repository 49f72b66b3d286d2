import { createHub } from '@conn-hub/core'
import { createWebSocketTransport, tokenIdentity } from '@conn-hub/websocket'
import { WebSocket } from 'ws'

const PEOPLE = ['anna', 'ben', 'carla', 'dora', 'emil', 'fritz', 'gina', 'hugo', 'ida']

/** Some people who are connected to one server each, and go to the next one when it is gone. Gives what ends it. */
export const startCrowd = (ports: readonly number[]): (() => void) => {
  const ends = PEOPLE.map((person, at) => {
    const identity = tokenIdentity({ token: () => person })
    const hub = createHub({ transport: createWebSocketTransport({ WebSocket, identity }) })
    let tries = at
    const connect = () => {
      if (hub.closed) return
      hub.connect(`ws://127.0.0.1:${ports[tries++ % ports.length]}/`).catch(() => {})
    }
    const soon = () => void setTimeout(connect, 300)
    hub.on('disconnected', soon)
    hub.on('connecting-failed', soon)
    connect()
    return () => hub.close()
  })
  return () => {
    for (const end of ends) end()
  }
}
