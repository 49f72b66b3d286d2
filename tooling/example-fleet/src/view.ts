import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fleet } from '@conn-hub/fleet'
import { page } from './page.js'

export interface Servers {
  readonly names: readonly string[]
  start(name: string): void
  kill(name: string): void
  isUp(name: string): boolean
}

/** The page, what it shows, and the two things that it can ask for. */
export const serveView = async (fleet: Fleet, servers: Servers) => {
  const readers = new Set<ServerResponse>()
  const picture = () => {
    const entries = [...fleet.entries()]
    const machines = servers.names.map((name) => ({
      name,
      isUp: servers.isUp(name),
      peers: entries.flatMap(({ machine, key }) => (machine === name ? [key] : [])).sort(),
    }))
    return `data: ${JSON.stringify({ state: fleet.state, machines })}\n\n`
  }
  const tell = () => {
    for (const reader of readers) reader.write(picture())
  }
  ;(async () => {
    for await (const _ of fleet.changes()) tell()
  })()
  fleet.on('state', tell)

  const server = createServer(({ method, url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
    const isOwn = headers.host === new URL(address()).host
    // A page of somebody else must not kill anything here.
    const isForeign = headers.origin !== undefined && headers.origin !== new URL(address()).origin
    if (!isOwn || isForeign) return void response.writeHead(403).end()
    if (method === 'POST') {
      const name = searchParams.get('name') ?? ''
      if (pathname === '/kill') servers.kill(name)
      if (pathname === '/start') servers.start(name)
      tell()
      return void response.writeHead(204).end()
    }
    if (pathname !== '/events') {
      return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(picture())
    readers.add(response)
    response.on('close', () => readers.delete(response))
  })
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: address(), close }
}
