import { type Direction, HubError, type PeerKey, type Session, type Traffic } from '@conn-hub/core'
import { refusedFor } from './codes.js'
import { Handle, type HandleOwner } from './handle.js'
import { Inbox } from './inbox.js'
import { LinkLife } from './life.js'
import type { Message, UpgradeRequest, WebSocketLink } from './model/link.js'
import type { LinkSocket } from './model/socket.js'
import type { Settings } from './settings.js'
import { Waiters } from './waiters.js'

/**
 * One socket as a session, from the moment at which it is made: the hello, the hub and the app read the same inbox, one after the other, so that
 * no message and no end is lost between them. The subclasses know the sockets of their platform.
 */
export abstract class LinkSession<Socket extends LinkSocket = LinkSocket>
  extends LinkLife
  implements Session<WebSocketLink>, HandleOwner
{
  protected readonly socket: Socket
  readonly direction: Direction
  readonly handle: WebSocketLink = new Handle(this)
  readonly request: UpgradeRequest | undefined
  readonly inbox = new Inbox()
  readonly settings: Settings
  key: PeerKey | undefined
  #probes: Waiters | undefined
  #bytesIn = 0
  #bytesOut = 0
  #messagesIn = 0
  #messagesOut = 0
  #heardAt = Date.now()

  constructor(socket: Socket, direction: Direction, settings: Settings, request?: UpgradeRequest) {
    super(direction === 'inbound' ? 'open' : 'opening')
    this.socket = socket
    this.direction = direction
    this.settings = settings
    this.request = request
  }

  /** Sends at once. `isMuch`: there may be no room until it has gone. */
  protected abstract write(data: Message | ArrayBuffer, isMuch?: boolean): void
  /** Asks for a sign of life. */
  protected abstract ask(): void
  /** More than `maxQueue` waits for a reader. */
  protected abstract full(): void
  /** Resolves when something has been sent, or after a while. */
  protected abstract flushed(): Promise<void>

  // For the handle.

  get protocol(): string {
    return this.socket.protocol
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount
  }

  send(data: Message | ArrayBuffer, bytes: number): boolean {
    if (!this.isOpen) return false
    const { highWater } = this.settings
    this.#bytesOut += bytes
    this.#messagesOut++
    this.write(data, this.bufferedAmount + bytes >= highWater)
    return this.hasRoom
  }

  async drained(): Promise<void> {
    while (this.isOpen && !this.hasRoom) await this.flushed()
    if (!this.isOpen) throw this.gone()
  }

  read(reader: object): Promise<IteratorResult<Message, undefined>> {
    return this.inbox.next(reader)
  }

  // For the hub.

  probe(signal: AbortSignal): Promise<void> {
    if (!this.isOpen) return Promise.reject(this.gone())
    this.#probes ??= new Waiters()
    const heard = this.#probes.wait(signal)
    if (!signal.aborted) this.ask()
    return heard
  }

  traffic(): Traffic {
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      messagesIn: this.#messagesIn,
      messagesOut: this.#messagesOut,
      heardAt: this.#heardAt,
    }
  }

  // What the socket tells.

  override opened(): void {
    this.#heardAt = Date.now()
    super.opened()
  }

  received(message: Message, bytes: number): void {
    this.heard()
    this.#bytesIn += bytes
    if (this.state !== 'open') return
    const { maxMessage, maxQueue, probeTexts } = this.settings
    if (message === probeTexts.answer) return
    if (message === probeTexts.ask) {
      this.answer()
      return
    }
    this.#messagesIn++
    if (bytes > maxMessage) {
      const what = `The other side sent a message of ${bytes} bytes; ${maxMessage} are allowed.`
      this.end(1009, 'too-big', refusedFor(1009, what))
      return
    }
    this.inbox.push(message)
    if (this.inbox.size > maxQueue) this.full()
  }

  /** Anything that came from the other side. */
  heard(): void {
    this.#heardAt = Date.now()
    this.#probes?.settle()
  }

  /** Who asks and reads no answer gets no more of them. */
  protected answer(): void {
    if (this.hasRoom) this.write(this.settings.probeTexts.answer)
  }

  /** A socket that the other side closes is not open any more, and tells its end later. */
  protected get isOpen(): boolean {
    return this.state === 'open' && this.socket.readyState === 1
  }

  protected get hasRoom(): boolean {
    return this.bufferedAmount < this.settings.highWater
  }

  protected endFull(): void {
    const { maxQueue } = this.settings
    const error = new HubError(
      'QUEUE_FULL',
      `More than ${maxQueue} bytes wait for a reader. Read faster, or set "maxQueue".`,
    )
    this.end(1008, 'queue-full', { error, reason: 'queue-full' })
  }

  protected ended(): void {
    this.inbox.end()
    this.#probes?.settle(this.gone())
  }
}
