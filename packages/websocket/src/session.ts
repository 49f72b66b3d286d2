import { type Direction, HubError, type PeerKey, type Session, type Traffic } from '@conn-hub/core'
import { codeOf, type Ended, endedBy, lost, refusedFor } from './codes.js'
import { Handle, type HandleOwner } from './handle.js'
import { Inbox } from './inbox.js'
import type { Message, UpgradeRequest, WebSocketLink } from './model/link.js'
import type { Settings } from './settings.js'
import { Waiters } from './waiters.js'

type State = 'opening' | 'open' | 'closing' | 'closed'
type ClosedListener = (error?: unknown, reason?: string) => void

/** Who waits for a socket to open. */
export interface Opening {
  opened(): void
  closed(ended: Ended): void
}

/** So many questions may come while the answers to them wait to be sent. */
const MAX_UNANSWERED = 1_000

/** What has been read already when a socket is told to stop: a chunk of 64 KiB; of many small messages, what these count. */
const READ_AHEAD = 1_048_576

/**
 * One socket as a session, from the moment at which it is made: the hello, the hub and the app read the same inbox, one after the other, so that
 * no message and no end is lost between them. The subclasses know the sockets of their platform.
 */
export abstract class LinkSession implements Session<WebSocketLink>, HandleOwner {
  readonly direction: Direction
  readonly handle: WebSocketLink = new Handle(this)
  readonly request: UpgradeRequest | undefined
  readonly inbox = new Inbox()
  readonly settings: Settings
  key: PeerKey | undefined = undefined
  opening: Opening | undefined = undefined
  #state: State
  #ended: Ended | undefined = undefined
  #listeners: ClosedListener[] | undefined = undefined
  #timer: unknown = undefined
  #probes: Waiters | undefined = undefined
  #drains: Waiters | undefined = undefined
  #isPaused = false
  #unanswered = 0
  #bytesIn = 0
  #bytesOut = 0
  #messagesIn = 0
  #messagesOut = 0
  #heardAt = Date.now()

  constructor(direction: Direction, settings: Settings, request?: UpgradeRequest) {
    this.direction = direction
    this.settings = settings
    this.request = request
    this.#state = direction === 'inbound' ? 'open' : 'opening'
  }

  abstract readonly protocol: string
  abstract readonly bufferedAmount: number
  /** Sends at once. `isMuch`: `flushed()` must be called when it has gone. */
  protected abstract write(data: Message | ArrayBuffer, isMuch: boolean): void
  /** Asks for a sign of life. */
  protected abstract ask(): void
  /** Calls `flushed()` again and again until nobody waits any more, where the platform does not tell by itself. */
  protected abstract watchDrain(): void
  /** `false` where the platform cannot stop to read. */
  protected abstract setReading(isReading: boolean): boolean
  protected abstract closeSocket(code: number, text: string): void
  protected abstract destroySocket(): void

  // For the handle.

  send(data: Message | ArrayBuffer, bytes: number): boolean {
    if (this.#state !== 'open') return false
    const { highWater } = this.settings
    this.#bytesOut += bytes
    this.#messagesOut++
    this.write(data, this.bufferedAmount + bytes >= highWater)
    return this.bufferedAmount < highWater
  }

  drained(): Promise<void> {
    if (this.#state !== 'open') return Promise.reject(this.#gone())
    if (this.bufferedAmount < this.settings.highWater) return Promise.resolve()
    this.#drains ??= new Waiters()
    const drained = this.#drains.wait()
    this.watchDrain()
    return drained
  }

  read(reader: object): Promise<IteratorResult<Message, undefined>> {
    const next = this.inbox.next(reader)
    if (this.#isPaused && this.inbox.size <= this.settings.maxQueue / 2) this.#pause(false)
    return next
  }

  // For the hub.

  close(reason: string): void {
    this.end(codeOf(reason), reason)
  }

  destroy(): void {
    if (this.#state === 'closed') return
    this.destroySocket()
    this.#finish(this.#ended ?? {})
  }

  onClosed(listener: ClosedListener): void {
    if (this.#state === 'closed') listener(this.#ended?.error, this.#ended?.reason)
    else if (this.#listeners) this.#listeners.push(listener)
    else this.#listeners = [listener]
  }

  probe(signal: AbortSignal): Promise<void> {
    if (this.#state !== 'open') return Promise.reject(this.#gone())
    this.#probes ??= new Waiters()
    const heard = this.#probes.wait(signal)
    if (!this.#probes.any) return heard
    this.ask()
    // The sign may be behind what nobody has read: read on until something comes.
    if (this.#isPaused) this.setReading(true)
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

  // For those who make links.

  /** Closes the link, with what `onClosed()` tells then. */
  end(code: number, text: string, ended: Ended = {}): void {
    if (this.#state === 'opening') {
      this.#ended = ended
      this.destroy()
      return
    }
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#ended = ended
    // Else the answer would never be read.
    if (this.#isPaused) this.#pause(false)
    this.closeSocket(code, text)
    this.#timer = setTimeout(giveUp, this.settings.closeTimeout, this)
    unref(this.#timer)
  }

  // What the socket tells.

  get isOpening(): boolean {
    return this.#state === 'opening'
  }

  opened(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#heardAt = Date.now()
    this.opening?.opened()
  }

  received(message: Message, bytes: number): void {
    this.heard()
    this.#bytesIn += bytes
    if (this.#state !== 'open') return
    const { maxMessage, maxQueue, probeTexts } = this.settings
    if (message === probeTexts.answer) return
    if (message === probeTexts.ask) {
      this.#answer(probeTexts.answer)
      return
    }
    this.#messagesIn++
    if (bytes > maxMessage) {
      const what = `The other side sent a message of ${bytes} bytes; ${maxMessage} are allowed.`
      this.end(1009, 'too-big', refusedFor(1009, what))
      return
    }
    this.inbox.push(message)
    const { size } = this.inbox
    if (size > maxQueue) this.#full(size > 2 * maxQueue + maxMessage + READ_AHEAD)
  }

  /** Anything that came from the other side. */
  heard(): void {
    this.#heardAt = Date.now()
    this.#probes?.settle()
    // A probe has made it read on.
    if (this.#isPaused) this.setReading(false)
  }

  /** The socket answers a question by itself. */
  asked(): void {
    this.heard()
    this.#countUnanswered()
  }

  /** Something that was much has been sent. */
  flushed(): void {
    if (this.bufferedAmount < this.settings.highWater) this.#drains?.settle()
  }

  get isDrainAwaited(): boolean {
    return this.#drains?.any ?? false
  }

  closed(code: number, text: string, cause?: unknown): void {
    if (this.#state === 'closed') return
    this.#finish(this.#ended ?? endedBy(code, text, cause))
  }

  /** The other side has not answered the close. Not private: the timer takes no closure. */
  giveUp(): void {
    if (this.#state === 'closed') return
    this.destroySocket()
    this.#finish(this.#ended?.error ? this.#ended : { error: lost(), reason: 'lost' })
  }

  #answer(text: string): void {
    if (this.#countUnanswered()) this.write(text, false)
  }

  /** Who asks and asks and reads no answer would fill our memory. */
  #countUnanswered(): boolean {
    this.#unanswered = this.bufferedAmount < this.settings.highWater ? 0 : this.#unanswered + 1
    if (this.#unanswered <= MAX_UNANSWERED) return true
    const what = 'The other side asks for signs of life, and reads none of them.'
    this.end(1008, 'flood', refusedFor(1008, what))
    return false
  }

  #full(isTooMuch: boolean): void {
    if (!isTooMuch && (this.#isPaused || this.#pause(true))) return
    const { maxQueue } = this.settings
    const error = new HubError(
      'QUEUE_FULL',
      `More than ${maxQueue} bytes wait for a reader. Read faster, or set "maxQueue".`,
    )
    this.end(1008, 'queue-full', { error, reason: 'queue-full' })
  }

  #pause(isPaused: boolean): boolean {
    const works = this.setReading(!isPaused)
    this.#isPaused = isPaused && works
    return works
  }

  #finish(ended: Ended): void {
    this.#state = 'closed'
    this.#ended = ended
    clearTimeout(this.#timer as number)
    this.#timer = undefined
    this.inbox.end()
    this.#probes?.settle(this.#gone())
    this.#drains?.settle(this.#gone())
    const [opening, listeners] = [this.opening, this.#listeners]
    this.opening = undefined
    this.#listeners = undefined
    opening?.closed(ended)
    for (const listener of listeners ?? []) listener(ended.error, ended.reason)
  }

  #gone(): HubError {
    return new HubError('LINK_CLOSED', 'The link is closing, or has closed.', {
      cause: this.#ended?.error,
    })
  }
}

const giveUp = (session: LinkSession): void => session.giveUp()

/** In Node a timer is an object that keeps the process alive, in browsers a number. */
const unref = (timer: unknown): void => (timer as { unref?(): void }).unref?.()
