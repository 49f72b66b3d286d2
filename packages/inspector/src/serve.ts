import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Hub, HubError } from '@conn-hub/core'
import { Access, isLoopback } from './http/access.js'
import { createRoutes } from './http/routes.js'
import type { Stream } from './http/stream.js'
import { journalOf } from './journal.js'
import { type InspectorOptions, readOptions } from './options.js'
import { loadPage } from './page.js'

export interface Inspector {
  /** Where to look. It holds the token: who has it sees everything. */
  readonly url: string
  /** Ends all streams and connections at once; nothing listens to the hub any more. May be called again. */
  close(): Promise<void>
}

/**
 * Shows a hub in the browser, on this machine alone unless it is told otherwise. It keeps no process alive that has
 * nothing else to do. Rejects with a `HubError`: `INVALID_OPTION`, `HUB_CLOSED`, `PORT_IN_USE`, `LISTEN_FAILED`.
 *
 * @example
 * const inspector = await serveInspector(hub, { port: 8009 })
 * console.log(inspector.url)
 */
export const serveInspector = async <S>(
  hub: Hub<S>,
  options?: InspectorOptions,
): Promise<Inspector> => {
  const { port, host, token, allowControl, allowRemote } = readOptions(hub, options)
  const journal = journalOf(hub)
  const release = journal.hold()
  const streams = new Set<Stream>()
  const access = new Access(token, host)
  const page = loadPage()
  const server = createServer(createRoutes({ hub, journal, access, page, allowControl, streams }))
  const endSockets = guardSockets(server)
  await listen(server, port, host).catch((error) => {
    release()
    throw error
  })
  const url = `http://${toHost(server.address() as AddressInfo)}/${token}/`
  if (allowRemote && !isLoopback(host)) warn()
  let closing: Promise<void> | undefined
  const end = async () => {
    release()
    for (const stream of streams) stream.end()
    const closed = once(server, 'close')
    server.close()
    endSockets()
    await closed
  }
  return {
    url,
    close: () => {
      closing ??= end()
      return closing
    },
  }
}

/** Neither the server nor its connections keep the process alive. Returns what ends those that are open. */
const guardSockets = (server: Server): (() => void) => {
  const sockets = new Set<Socket>()
  server.unref()
  server.on('connection', (socket) => {
    socket.unref()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

const listen = async (server: Server, port: number, host: string): Promise<void> => {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw isTaken
      ? new HubError(
          'PORT_IN_USE',
          `Port ${port} is in use. Take another one, or 0 for any that is free.`,
          { cause },
        )
      : new HubError('LISTEN_FAILED', `Cannot listen at ${host}: ${(cause as Error).message}`, {
          cause,
        })
  }
}

const ANY = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

const toHost = ({ address, port }: AddressInfo): string => {
  const host = ANY.get(address) ?? address
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

const warn = (): void =>
  console.warn(
    'conn-hub inspector: it can be reached from other machines, without encryption. Who has the address, or ' +
      'listens on the network, sees every peer.',
  )
