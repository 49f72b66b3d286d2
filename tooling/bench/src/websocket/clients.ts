import { once } from 'node:events'
import { createHub } from '@conn-hub/core'
import { createWebSocketTransport, keyIdentity, tokenIdentity } from '@conn-hub/websocket'
import { WebSocket } from 'ws'
import { loadPeer } from '../peers.js'
import type { Kind, Order } from './messages.js'

// The clients of a server that is measured, in a process of their own: what they cost is not counted.

interface Client {
  echo(text: string): Promise<void>
  close(): void
}

/** So many dials, and so many messages, are on their way at once. */
const AT_ONCE = 50

const TEXT = 'x'.repeat(100)

const openWs = async (port: number): Promise<Client> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
  await once(socket, 'open')
  return {
    echo: async (text) => {
      socket.send(text)
      await once(socket, 'message')
    },
    close: () => socket.close(),
  }
}

const openers: Record<Kind, () => (port: number) => Promise<Client>> = {
  ws: () => openWs,
  token: () => openOurs(tokenIdentity({ token: () => 'token' })),
  key: () => {
    const keys = crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
    const identity = keys.then((pair) => keyIdentity({ keys: pair as CryptoKeyPair }))
    return async (port) => openOurs(await identity)(port)
  },
  'socket.io': () => async (port) => {
    const { io } = await loadPeer<SocketIoClient>('socket.io-client')
    const options = { transports: ['websocket'], forceNew: true, reconnection: false }
    const socket = io(`http://127.0.0.1:${port}`, options)
    await new Promise((resolve) => socket.on('connect', resolve))
    return {
      echo: (text) =>
        new Promise((resolve) => {
          socket.once('message', () => resolve())
          socket.emit('message', text)
        }),
      close: () => socket.disconnect(),
    }
  },
}

interface SocketIoClient {
  io(url: string, options: object): SocketIoSocket
}

interface SocketIoSocket {
  on(type: string, listener: (value: unknown) => void): unknown
  once(type: string, listener: () => void): unknown
  emit(type: string, text: string): void
  disconnect(): void
}

type Identity = ReturnType<typeof tokenIdentity>

/** Each has a hub of its own: one hub has one entry for an address. */
const openOurs = (identity: Identity) => async (port: number) => {
  const hub = createHub({ transport: createWebSocketTransport({ WebSocket, identity }) })
  const link = await hub.connect(`ws://127.0.0.1:${port}/`)
  const messages = link[Symbol.asyncIterator]()
  return {
    echo: async (text: string) => {
      link.send(text)
      await messages.next()
    },
    close: () => void hub.close(),
  }
}

const clients: Client[] = []

/** Runs `work` so many times, some at once. */
const spread = async (count: number, work: (i: number) => Promise<void>) => {
  let next = 0
  const run = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))
}

const obey = async (order: Order): Promise<void> => {
  if (order.do === 'open') {
    const open = openers[order.kind]()
    await spread(order.count, async () => void clients.push(await open(order.port)))
  } else if (order.do === 'echo') {
    await spread(order.rounds, async (i) => clients[i % AT_ONCE]?.echo(TEXT))
  } else {
    for (const client of clients.splice(0)) client.close()
  }
}

process.on('message', async (order: Order) => {
  await obey(order)
  process.send?.('done')
})
process.on('disconnect', () => process.exit())
