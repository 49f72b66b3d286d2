import { createHub } from '@conn-hub/core'
import { type Engine, joinFleet } from '@conn-hub/fleet'
import { createWebSocketTransport, tokenIdentity } from '@conn-hub/websocket'
import { WebSocketServer } from 'ws'

export interface Server {
  kill(): void
}

/** One of the servers: whoever shows a name is taken in under it. */
export const startServer = (options: {
  readonly name: string
  readonly port: number
  readonly engine: Engine
  readonly lease: number
}): Server => {
  const { name, port, engine, lease } = options
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const identity = tokenIdentity({ verify: (token) => token })
  const hub = createHub({ transport: createWebSocketTransport({ server, identity }) })
  joinFleet(hub, { engine, machine: name, lease })
  const kill = () => {
    hub.close()
    server.close()
  }
  return { kill }
}
