import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { HubSide, Session } from '@conn-hub/core'
import { findPort } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createWebSocketTransport, tokenIdentity, type WebSocketLink } from '../../src/index.js'
import { startProxy } from '../proxy.js'
import { endServer } from '../support.js'
import type { Asked, Told } from './control.js'

let pages = 0

const start = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  onTestFinished(() => endServer(server))
  return { server, port: (server.address() as AddressInfo).port }
}

/** Gives each page that comes to `control` a server of its own, behind a network with a delay. */
export const startFarServers = async (origin: string, delay: number) => {
  const control = await start()
  // A browser opens one socket to an IP at a time: each case gets an IP of its own, or they would wait for each other.
  const nextHost = () => `127.0.0.${2 + (pages++ % 250)}`
  control.server.on('connection', (page) => void serve(page, origin, nextHost(), delay))
  return `ws://127.0.0.1:${control.port}/`
}

const serve = async (
  page: WebSocket,
  origin: string,
  host: string,
  delay: number,
): Promise<void> => {
  const { server, port } = await start()
  const proxy = await startProxy(port, host)
  proxy.delay = delay
  const tell = (told: Told) => page.send(JSON.stringify(told))
  const sessions: Session<WebSocketLink>[] = []
  const probes = new Map<number, AbortController>()

  const identity = tokenIdentity({ verify: (token) => token })
  const transport = createWebSocketTransport({ server, identity, origins: [origin] })
  const stop = transport.listen?.(({ address, session }) => {
    const id = sessions.push(session) - 1
    tell({ told: 'session', id, address })
    session.onClosed((error, reason) =>
      tell({
        told: 'closed',
        id,
        ...(error ? { error: String(error) } : {}),
        ...(reason ? { reason } : {}),
      }),
    )
  }, nobody)

  const probe = ({ id, call }: { id: number; call: number }) => {
    const controller = new AbortController()
    probes.set(call, controller)
    sessions[id]?.probe?.(controller.signal).then(
      () => tell({ told: 'answered', call }),
      (error) => tell({ told: 'answered', call, error: String(error) }),
    )
  }
  page.on('message', (data) => {
    const asked: Asked = JSON.parse(String(data))
    if (asked.asked === 'close') sessions[asked.id]?.close(asked.reason)
    else if (asked.asked === 'destroy') sessions[asked.id]?.destroy?.()
    else if (asked.asked === 'probe') probe(asked)
    else probes.get(asked.call)?.abort()
  })
  page.on('close', () => {
    stop?.()
    void endServer(server)
  })
  tell({ told: 'address', address: proxy.url, dead: `ws://127.0.0.1:${await findPort()}/` })
}

/** There is no hub at the server: the sessions go to the page. */
const nobody: HubSide<WebSocketLink> = {
  get: () => undefined,
  byKey: () => [],
  entries: () => [].values(),
  size: 0,
  sessions: { inbound: 0, outbound: 0 },
  disconnect: async () => false,
  refused: () => {},
}
