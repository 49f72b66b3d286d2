import type { Direction, PeerKey, Session, Traffic } from '@conn-hub/core'
import { Probes } from './probes.js'
import type { Clock, PacketKind, Wire } from './wire.js'

type OnClosed = (error?: unknown, reason?: string) => void

/** What one end of a link is made of. */
export interface LinkEnd {
  readonly number: number
  readonly key: PeerKey
  readonly direction: Direction
  /** Leads to the other end. */
  readonly wire: Wire
  readonly clock: Clock
}

/**
 * One end of a link of the memory network: a session, and the handle that an app works with. All that it does
 * crosses the network in packets, so that it takes its time and can be swallowed.
 */
export class MemoryLink implements Session<MemoryLink> {
  readonly handle = this
  /** Which link it is: the `link` of its packets. Both ends have the same. */
  readonly number: number
  readonly key: PeerKey
  readonly direction: Direction
  /** The same link as the other end has it: to look at, or to play the other side's part. */
  peer: MemoryLink | undefined
  readonly #wire: Wire
  readonly #clock: Clock
  readonly #onClosed: OnClosed[] = []
  readonly #onMessage: ((message: unknown) => void)[] = []
  readonly #traffic: { messagesIn: number; messagesOut: number; heardAt?: number }
  /** Messages that came before anybody listened. */
  #unread: unknown[] = []
  #probes: Probes | undefined
  #isClosing = false
  #ended: { readonly error: unknown; readonly reason: string | undefined } | undefined

  constructor({ number, key, direction, wire, clock }: LinkEnd) {
    this.number = number
    this.key = key
    this.direction = direction
    this.#wire = wire
    this.#clock = clock
    this.#traffic = { messagesIn: 0, messagesOut: 0 }
  }

  /** Whether this end has not closed yet. */
  get open(): boolean {
    return this.#ended === undefined
  }

  /** Sends anything to the other end, as it is. `false`: nothing was sent, for the link is closing or has closed. */
  send(message: unknown): boolean {
    if (!this.open || this.#isClosing) return false
    this.#traffic.messagesOut++
    this.#send('message', (peer) => peer.#read(message))
    return true
  }

  /** Hears what the other end sends. Messages wait for the first listener. */
  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage.push(listener)
    for (const message of this.#unread.splice(0)) listener(message)
  }

  /** Asks for the end, and ends when the other end has answered. The other end hears `reason`. */
  close(reason?: string): void {
    if (!this.open || this.#isClosing) return
    this.#isClosing = true
    this.#send('close', (peer) => {
      peer.#end(undefined, reason)
      peer.#send('closed', (asker) => asker.#end())
    })
  }

  /** Ends at once, whether the other end answers or not. The other end hears an error. */
  destroy(): void {
    if (!this.open) return
    this.#end()
    this.#send('reset', (peer) => peer.#end(new Error('the other side has reset the link')))
  }

  /** The network breaks the link: this end ends at once, with this error, and the other end learns nothing of it. */
  break(error: Error): void {
    this.#end(error)
  }

  /** The process of this end has died: it ends, and tells nobody here. The other end learns of it when it sends something. */
  vanish(): void {
    this.#onClosed.length = 0
    this.#onMessage.length = 0
    // A promise that rejects would run code of the process that has died.
    this.#probes = undefined
    this.#end()
  }

  /** Tells each listener once; the reason is what the other end gave to `close()`. */
  onClosed(listener: OnClosed): void {
    if (this.#ended) listener(this.#ended.error, this.#ended.reason)
    else this.#onClosed.push(listener)
  }

  /** Resolves when the other end has answered; rejects with the reason of `signal`, or when the link closes. */
  probe(signal: AbortSignal): Promise<void> {
    if (!this.open) return Promise.reject(new Error('the link has closed'))
    this.#probes ??= new Probes()
    const ask = (answered: () => void) =>
      this.#send('ping', (peer) => peer.#send('pong', () => answered()))
    return this.#probes.run(ask, signal)
  }

  /** Messages that were sent and that came, and when any packet came last, by the clock of the network. */
  traffic(): Traffic {
    return { ...this.#traffic }
  }

  /** `arrive` runs at the other end, once the packet is there. */
  #send(kind: PacketKind, arrive: (peer: MemoryLink) => void): void {
    const { peer } = this
    if (peer && (this.open || peer.open)) this.#wire.send(kind, () => peer.#hear(kind, arrive))
  }

  #hear(kind: PacketKind, arrive: (self: MemoryLink) => void): void {
    if (this.open) {
      this.#traffic.heardAt = this.#clock.now()
      arrive(this)
    } else if (kind !== 'closed' && kind !== 'reset') {
      // Whoever still asks must learn that nobody is here any more.
      this.#send('reset', (peer) => peer.#end(new Error('the other side has closed already')))
    }
  }

  #read(message: unknown): void {
    this.#traffic.messagesIn++
    if (this.#onMessage.length === 0) this.#unread.push(message)
    for (const listener of [...this.#onMessage]) listener(message)
  }

  #end(error?: unknown, reason?: string): void {
    if (this.#ended) return
    this.#ended = { error, reason }
    this.#unread = []
    this.#probes?.end(new Error('the link has closed'))
    for (const listener of this.#onClosed.splice(0)) listener(error, reason)
    const { peer } = this
    if (!peer || peer.open) return
    // Nobody is left to whom anything on the way could matter.
    this.#wire.cut()
    peer.#wire.cut()
  }
}
