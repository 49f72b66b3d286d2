import { createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import net from 'node:net'
import { acceptor, type Direction, dialer, type Session, type Transport } from '@conn-hub/core'

export interface Keys {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const parse = (address: string) => {
  const [, host, port, key] = /^tcp:(.+):(\d+):([\w-]{43})$/.exec(address) ?? []
  if (!host) throw new Error('an address looks like tcp:HOST:PORT:KEY')
  return { host, port: Number(port), key }
}

const keyOf = (publicKey: KeyObject): string => publicKey.export({ format: 'jwk' }).x ?? ''

const isSigned = (data: Buffer, x: string, signature: Buffer): boolean => {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  return verify(null, data, key, signature)
}

// Never more than it needs: what follows the hello stays in the socket, for the app.
const read = (socket: net.Socket, size: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      socket.off('readable', look).off('close', fail)
      settled()
    }
    const fail = () => settle(() => reject(socket.errored ?? new Error('closed in the hello')))
    const look = () => {
      const bytes: Buffer | null = socket.read(size)
      if (bytes?.length === size) settle(() => resolve(bytes))
    }
    socket.on('readable', look).on('close', fail)
    look()
  })

/** Each side sends a nonce and its key, then its signature of what both have sent, in its role. */
const hello = async (socket: net.Socket, { publicKey, privateKey }: Keys, ours: Direction) => {
  const theirs = ours === 'outbound' ? 'inbound' : 'outbound'
  const mine = Buffer.concat([randomBytes(32), Buffer.from(keyOf(publicKey), 'base64url')])
  socket.on('error', () => {}).write(mine) // onClosed() tells of it
  const other = await read(socket, 64)
  const both = Buffer.concat(ours === 'outbound' ? [mine, other] : [other, mine])
  socket.write(sign(null, Buffer.concat([Buffer.from(ours), both]), privateKey))
  const signature = await read(socket, 64)
  const key = other.subarray(32).toString('base64url')
  if (isSigned(Buffer.concat([Buffer.from(theirs), both]), key, signature)) return key
  throw new Error('the signature is not that of the key')
}

const toSession = (socket: net.Socket, direction: Direction, key: string): Session<net.Socket> => ({
  handle: socket,
  direction,
  key,
  close: () => socket.destroySoon(), // after what is still to be sent
  destroy: () => void socket.destroy(), // at once
  onClosed: (listener) => {
    const tell = () => listener(socket.errored ?? undefined)
    socket.closed ? tell() : socket.on('close', tell)
  },
})

export const createTcpTransport = (server: net.Server, keys: Keys): Transport<net.Socket> => {
  const { take, listen } = acceptor(
    async (socket: net.Socket) => {
      const { remoteAddress, remotePort } = socket
      const key = await hello(socket, keys, 'inbound')
      const address = `tcp:${remoteAddress}:${remotePort}:${key}`
      return { address, session: toSession(socket, 'inbound', key) }
    },
    { timeout: 10_000, pending: 100, discard: (socket) => socket.destroy() },
  )
  server.on('connection', take) // while no hub listens, it discards
  return {
    self: keyOf(keys.publicKey),
    describe: (address) => ({ key: parse(address).key }),
    dial: dialer(async (address, signal) => {
      const { host, port } = parse(address)
      const socket = net.connect({ host, port, signal }) // the signal destroys the socket
      const key = await hello(socket, keys, 'outbound').catch((error) => {
        socket.destroy()
        throw error
      })
      return toSession(socket, 'outbound', key)
    }),
    listen,
  }
}
