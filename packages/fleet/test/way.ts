import { once } from 'node:events'
import net from 'node:net'

/** A way to a server that can be cut, silenced, and led to another server. */
export class Way {
  target: number
  port = 0
  /** So many have connected. */
  accepted = 0
  #mode: 'open' | 'silent' | 'refused' = 'open'
  readonly #server: net.Server
  readonly #pairs = new Set<readonly [net.Socket, net.Socket]>()

  constructor(target: number) {
    this.target = target
    this.#server = net.createServer((socket) => this.#accept(socket))
  }

  async start(): Promise<this> {
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as net.AddressInfo).port
    return this
  }

  /** Connections break, and none opens. */
  cut(): void {
    this.#mode = 'refused'
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  /** Nothing passes, and nobody is told. */
  silence(): void {
    this.#mode = 'silent'
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  heal(): void {
    this.#mode = 'open'
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  /** What connects from now on passes. What is open stays silent for good, as where a machine between the two was replaced. */
  lose(): void {
    this.#mode = 'open'
  }

  /** What connects from now on gets to another server. */
  lead(target: number): void {
    this.target = target
    this.cut()
    this.heal()
  }

  end(): void {
    this.cut()
    this.#server.close()
  }

  #accept(socket: net.Socket): void {
    this.accepted++
    if (this.#mode === 'refused') return void socket.destroy()
    const other = net.connect(this.target, '127.0.0.1')
    const pair = [socket, other] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [other, socket] as const]) {
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
      if (this.#mode === 'silent') from.pause()
    }
  }
}
