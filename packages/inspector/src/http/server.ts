import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { HubError } from '@conn-hub/core'

/** In sockets: a page has one or two. */
const MAX_SOCKETS = 256

export interface GuardedServer {
  readonly server: Server
  /** Ends it with all its sockets, at once; also where it never listened. */
  end(): Promise<void>
}

/** Neither the server nor its connections keep the process alive, unless it is told so. `isKnown`: who is there has shown the token. */
export const createGuardedServer = (
  routes: RequestListener,
  keepAlive: boolean,
  isKnown: (socket: Socket) => boolean,
): GuardedServer => {
  const server = createServer(routes)
  const sockets = new Set<Socket>()
  // One that comes may take the place of a stranger, but it has to be let in for that.
  server.maxConnections = MAX_SOCKETS + 1
  if (!keepAlive) server.unref()
  server.on('connection', (socket) => {
    if (!keepAlive) socket.unref()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (sockets.size <= MAX_SOCKETS) return
    // Who says nothing would keep all others out. The newest is a stranger, too.
    for (const one of sockets) if (!isKnown(one)) return void one.destroy()
  })
  const end = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { server, end }
}

/** Rejects with `PORT_IN_USE` or `LISTEN_FAILED`. */
export const listen = async (server: Server, port: number, host: string): Promise<void> => {
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

/** By which a browser of this machine gets there. */
export const toHost = ({ address, port }: AddressInfo): string => {
  const host = ANY.get(address) ?? address
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
