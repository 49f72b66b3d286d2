import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createHub, type Hub, type Refusal } from '@conn-hub/core'
import { type Recording, record, until } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  createWebSocketTransport,
  type Message,
  type WebSocketLink,
  type WebSocketTransportOptions,
} from '../src/index.js'

export type Options = WebSocketTransportOptions

/** A server of `ws` on a free port of the loopback; it ends with the test. */
export const startServer = async (options: object = {}) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options })
  await once(server, 'listening')
  onTestFinished(() => endServer(server))
  const { port } = server.address() as AddressInfo
  return { server, port, url: `ws://127.0.0.1:${port}/` }
}

export const endServer = (server: WebSocketServer): Promise<void> => {
  for (const socket of server.clients) socket.terminate()
  return new Promise((resolve) => server.close(() => resolve()))
}

export interface Side {
  readonly hub: Hub<WebSocketLink>
  readonly recording: Recording<WebSocketLink>
  readonly refused: Refusal[]
}

/** A hub that only dials. */
export const createDialer = (options: Options = {}, hubOptions: object = {}): Side => {
  const transport = createWebSocketTransport({ WebSocket, ...options })
  const hub = createHub({ transport, onError: () => {}, ...hubOptions })
  const refused: Refusal[] = []
  hub.on('refused', (refusal) => refused.push(refusal))
  const recording = record(hub)
  onTestFinished(() => hub.close())
  return { hub, recording, refused }
}

/** A hub that can be dialed. */
export const createServed = async (options: Options = {}, serverOptions: object = {}) => {
  const { server, port, url } = await startServer(serverOptions)
  return { ...createDialer({ server, ...options }), server, port, url }
}

/** Both ends of a link between two hubs. */
export const createPair = async (options: Options = {}, serverOptions: Options = options) => {
  const there = await createServed(serverOptions)
  const here = createDialer(options)
  const ours = await here.hub.connect(there.url)
  await until(() => there.hub.size === 1, 'the other side has the link')
  return { here, there, ours, theirs: linkOf(there.hub) }
}

export const sessionOf = (hub: Hub<WebSocketLink>) => {
  const session = hub.snapshot()[0]?.sessions[0]
  if (!session) throw new Error('there is no session')
  return session
}

export const linkOf = (hub: Hub<WebSocketLink>): WebSocketLink => sessionOf(hub).handle

/** So many messages of a link. */
export const take = async (link: WebSocketLink, count: number): Promise<Message[]> => {
  const messages: Message[] = []
  const reader = link[Symbol.asyncIterator]()
  while (messages.length < count) {
    const { done, value } = await reader.next()
    if (done) break
    messages.push(value)
  }
  return messages
}

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it worked',
    (error) => error.code,
  )

export { until, WebSocket, WebSocketServer }
