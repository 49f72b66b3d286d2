import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHub } from '@conn-hub/core'
import { createWebSocketTransport, keyIdentity, tokenIdentity } from '@conn-hub/websocket'
import { WebSocketServer } from 'ws'
import { loadPeer } from '../peers.js'
import type { Kind } from './messages.js'

/** A server that sends back what comes, and how many it has. */
export interface EchoServer {
  readonly port: number
  size(): number
  close(): void
}

type Identify = (port: number) => ReturnType<typeof tokenIdentity> | ReturnType<typeof keyIdentity>

const startWs = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

const startBare = async (): Promise<EchoServer> => {
  const { server, port } = await startWs()
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(isBinary ? data : data.toString()))
    socket.on('error', () => {})
  })
  return { port, size: () => server.clients.size, close: () => server.close() }
}

const startOurs = async (identify: Identify): Promise<EchoServer> => {
  const { server, port } = await startWs()
  const identity = await identify(port)
  const hub = createHub({ transport: createWebSocketTransport({ server, identity }) })
  hub.on('session', async ({ session }) => {
    for await (const message of session.handle) session.handle.send(message)
  })
  const close = () => {
    void hub.close()
    server.close()
  }
  return { port, size: () => hub.size, close }
}

interface SocketIo {
  readonly Server: new (
    server: object,
    options: object,
  ) => {
    readonly engine: { readonly clientsCount: number }
    on(type: string, listener: (socket: SocketIoSocket) => void): void
    close(): void
  }
}

interface SocketIoSocket {
  on(type: string, listener: (text: string) => void): void
  emit(type: string, text: string): void
}

const startSocketIo = async (): Promise<EchoServer> => {
  const { Server } = await loadPeer<SocketIo>('socket.io')
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'] })
  io.on('connection', (socket) => socket.on('message', (text) => socket.emit('message', text)))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  return { port, size: () => io.engine.clientsCount, close: () => io.close() }
}

let tokens = 0

export const startServer: Record<Kind, () => Promise<EchoServer>> = {
  ws: startBare,
  token: () => startOurs(() => tokenIdentity({ verify: () => `peer ${tokens++}` })),
  key: () =>
    startOurs(async (port) => {
      const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
      return keyIdentity({ keys: keys as CryptoKeyPair, hosts: [`127.0.0.1:${port}`] })
    }),
  'socket.io': startSocketIo,
}
