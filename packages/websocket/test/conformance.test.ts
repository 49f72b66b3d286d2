import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ConformanceOptions, conformance, type Subject } from '@conn-hub/conformance'
import { findPort } from '@conn-hub/testkit'
import { describe, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  createWebSocketTransport,
  type Identity,
  keyIdentity,
  tokenIdentity,
  type WebSocketLink,
} from '../src/index.js'
import { endServer } from './support.js'

type Identify = (name: string, host: string) => Identity | undefined | Promise<Identity>

interface Served extends Subject<WebSocketLink> {
  readonly servers: readonly WebSocketServer[]
}

/** Two peers over real sockets; with `SocketClass: 'global'` the first one dials as a page does, by the class that Node has itself. */
const network = (identify: Identify, isGlobal = false): ConformanceOptions<Served> => ({
  setup: async () => {
    const start = async (name: string) => {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
      await once(server, 'listening')
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      const identity = await identify(name, host)
      const transport = createWebSocketTransport({
        server,
        identity,
        ...(isGlobal ? {} : { WebSocket }),
      })
      return { server, transport, address: `ws://${host}/` }
    }
    const [a, b] = [await start('anna'), await start('ben')]
    return {
      peers: [a, b],
      servers: [a.server, b.server],
      deadAddress: `ws://127.0.0.1:${await findPort()}/`,
      noAddress: 'http://127.0.0.1/',
    }
  },
  teardown: ({ servers }) => Promise.all(servers.map(endServer)),
})

const byKey: Identify = async (_, host) => {
  const keys = await webcrypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  return keyIdentity({ keys: keys as CryptoKeyPair, hosts: [host] })
}

const byToken: Identify = (name) =>
  tokenIdentity({ token: () => `token of ${name}`, verify: (token) => token.slice(9) })

const TRANSPORTS: Record<string, ConformanceOptions<Served>> = {
  'ws, without an identity': network(() => undefined),
  'ws, with tokens': network(byToken),
  'ws, with keys': network(byKey),
}
const hasGlobal = 'WebSocket' in globalThis
if (hasGlobal) TRANSPORTS['the WebSocket of Node'] = network(byKey, true)
else console.warn('Left out, this Node has no WebSocket: the kit with the WebSocket of Node')

describe.each(Object.entries(TRANSPORTS))('%s', { concurrent: true }, (_, options) => {
  for (const { name, run } of conformance(options)) {
    it(name, async ({ skip }) => {
      const lacks = await run()
      if (lacks !== undefined) skip(lacks)
    })
  }
})
