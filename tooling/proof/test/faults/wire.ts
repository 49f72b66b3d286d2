import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

// The faults of a network, made by hand.

/** A port of 127.0.0.1, and what happens to those who connect to it. */
export class Port {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>

  static async open(onConnection: (socket: Socket) => void): Promise<Port> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(quiet(socket))
      onConnection(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Port(server, sockets)
  }

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  /** How many have connected so far. */
  get connections(): number {
    return this.#sockets.size
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

/** Accepts, reads, and says nothing. */
export const silence = (socket: Socket): void => void socket.resume()

/** Resets once it has read so many bytes. */
export const resetAfter =
  (bytes: number) =>
  (socket: Socket): void => {
    let left = bytes
    if (left === 0) return void socket.resetAndDestroy()
    socket.on('data', (data) => {
      left -= data.length
      if (left <= 0) socket.resetAndDestroy()
    })
  }

/** How many bytes each side may say, and what becomes of both then. */
export interface Cut {
  readonly client?: number
  readonly server?: number
  readonly end: 'reset' | 'silence'
}

/** Passes everything on to another port, up to the cut. */
export const cutWire =
  (port: number, { client = Infinity, server = Infinity, end }: Cut) =>
  (near: Socket): void => {
    const far = quiet(connect(port, '127.0.0.1'))
    const onCut = () => {
      if (end === 'silence') return
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    passOn(near, far, client, onCut)
    passOn(far, near, server, onCut)
  }

const passOn = (from: Socket, to: Socket, bytes: number, onCut: () => void): void => {
  let left = bytes
  from.on('data', (data) => {
    const passed = data.subarray(0, left)
    left -= passed.length
    // What is passed on must arrive: a reset drops what waits.
    to.write(passed, () => left === 0 && setImmediate(onCut))
  })
  from.on('close', () => to.destroy())
}

/** Errors are what these are for; `close` follows each of them. */
const quiet = (socket: Socket): Socket => socket.on('error', () => {})
