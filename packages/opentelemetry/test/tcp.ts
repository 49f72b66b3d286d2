import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { acceptor, dialer, type Session, type Transport } from '@conn-hub/core'
import { onTestFinished } from 'vitest'

/** A transport over real sockets, with the bytes that they counted. Addresses: `tcp:PORT`. Its hellos are empty. */
export const createTcp = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { take, listen } = acceptor(
    async (socket: Socket) => ({
      address: `tcp:${socket.remotePort}`,
      session: toSession(socket, 'inbound'),
    }),
    { timeout: 1_000, pending: 10, discard: (socket) => socket.destroy() },
  )
  server.on('connection', take)
  const transport: Transport<Socket> = {
    describe: () => ({ kind: 'tcp' }),
    dial: dialer(async (address, signal) => {
      const socket = connect({ port: Number(address.slice('tcp:'.length)), host: '127.0.0.1' })
      // Also for what comes after the dial was cancelled.
      socket.on('error', () => {})
      try {
        await once(socket, 'connect', { signal })
      } catch (error) {
        socket.destroy()
        throw error
      }
      return toSession(socket, 'outbound')
    }),
    listen,
  }
  return { transport, address: `tcp:${(server.address() as AddressInfo).port}` }
}

const toSession = (socket: Socket, direction: Session<Socket>['direction']): Session<Socket> => {
  socket.resume().on('error', () => {})
  return {
    handle: socket,
    direction,
    close: () => void socket.end(),
    destroy: () => void socket.destroy(),
    onClosed: (listener) => {
      if (socket.destroyed) listener()
      else socket.once('close', () => listener())
    },
    traffic: () => ({ bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten }),
  }
}
