import { createHub } from '@conn-hub/core'
import { type Engine, joinFleet } from '@conn-hub/fleet'
import { createWebSocketTransport, tokenIdentity } from '@conn-hub/websocket'
import { WebSocketServer } from 'ws'

/** In ms: what was killed is gone after so long. */
export const LEASE = 3_000

export interface Server {
  kill(): void
}

export interface ServerOptions {
  readonly name: string
  readonly port: number
  readonly engine: Engine
}

/** One of the servers: whoever shows a name is taken in under it. */
export const startServer = ({ name, port, engine }: ServerOptions): Server => {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const identity = tokenIdentity({ verify: (token) => token })
  const hub = createHub({ transport: createWebSocketTransport({ server, identity }) })
  joinFleet(hub, { engine, machine: name, lease: LEASE })
  return { kill: () => void hub.close().then(() => server.close()) }
}
