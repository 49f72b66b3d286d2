import type { Direction } from '@conn-hub/core'
import { closeText, refusedFor } from '../codes.js'
import type { Message, UpgradeRequest } from '../model/link.js'
import type { WsSocket } from '../model/socket.js'
import { LinkSession } from '../session.js'
import type { Settings } from '../settings.js'
import { Waiters } from '../waiters.js'

/** What the other side has done wrong, by the codes of `ws`, which closes the socket itself. */
const VIOLATIONS: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
}

/** So many questions may come while the answers to them wait to be sent. */
const MAX_UNANSWERED = 1_000

/** What has been read already when a socket is told to stop: a chunk of 64 KiB; of many small messages, what these count. */
const READ_AHEAD = 1_048_576

/** When it is looked whether there is room again where nobody has told, in ms. */
const LOOK = 20

const SESSION = Symbol('session')

/** A socket of `ws`. Its listeners are the same functions for all sockets, so that a link costs no closures. */
export class WsSession extends LinkSession<WsSocket> {
  #failure: Error | undefined
  #flushes: Waiters | undefined
  #isPaused = false
  #unanswered = 0

  constructor(
    socket: WsSocket & Partial<Linked>,
    direction: Direction,
    settings: Settings,
    request?: UpgradeRequest,
  ) {
    super(socket, direction, settings, request)
    socket[SESSION] = this
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('pong', onPong)
    socket.on('error', onError)
    socket.on('close', onClose)
    if (direction === 'outbound') socket.on('open', onOpen)
  }

  failed(error: Error & { readonly code?: string }): void {
    this.#failure = error
    const { code = '' } = error
    if (!code.startsWith('WS_ERR_')) return
    const closeCode = VIOLATIONS[code] ?? 1002
    const what = `The other side broke the protocol: ${error.message}.`
    this.end(closeCode, '', refusedFor(closeCode, what, error))
  }

  left(code: number, text: string): void {
    this.closed(code, text, this.#failure)
  }

  /** The socket answers a question by itself. */
  asked(): void {
    this.heard()
    this.#countUnanswered()
  }

  override read(reader: object): Promise<IteratorResult<Message, undefined>> {
    const next = super.read(reader)
    if (this.#isPaused && this.inbox.size <= this.settings.maxQueue / 2) this.#resume()
    return next
  }

  override heard(): void {
    super.heard()
    // A probe has made it read on.
    if (this.#isPaused) this.socket.pause()
  }

  protected write(data: Message | ArrayBuffer, isMuch = false): void {
    this.socket.send(data, isMuch ? () => this.#flushes?.settle() : undefined)
  }

  protected flushed(): Promise<void> {
    this.#flushes ??= new Waiters()
    // Of a pong nobody tells that it has gone.
    setTimeout(settle, LOOK, this.#flushes)
    return this.#flushes.wait()
  }

  protected override ended(): void {
    super.ended()
    this.#flushes?.settle()
  }

  protected ask(): void {
    this.socket.ping()
    // The sign may be behind what nobody has read: read on until something comes.
    if (this.#isPaused) this.socket.resume()
  }

  protected override answer(): void {
    if (this.#countUnanswered()) this.write(this.settings.probeTexts.answer)
  }

  protected full(): void {
    const { maxQueue, maxMessage } = this.settings
    if (this.inbox.size > 2 * maxQueue + maxMessage + READ_AHEAD) this.endFull()
    else if (!this.#isPaused) {
      this.#isPaused = true
      this.socket.pause()
    }
  }

  protected closeSocket(code: number, text: string): void {
    // Else the answer would never be read.
    if (this.#isPaused) this.#resume()
    this.socket.close(code, closeText(text))
  }

  protected destroySocket(): void {
    this.socket.terminate()
  }

  #resume(): void {
    this.#isPaused = false
    this.socket.resume()
  }

  /** Who asks and asks and reads no answer would fill our memory. */
  #countUnanswered(): boolean {
    this.#unanswered = this.hasRoom ? 0 : this.#unanswered + 1
    if (this.#unanswered <= MAX_UNANSWERED) return true
    const what = 'The other side asks for signs of life, and reads none of them.'
    this.end(1008, 'flood', refusedFor(1008, what))
    return false
  }
}

const settle = (waiters: Waiters): void => waiters.settle()

type Linked = { [SESSION]: WsSession }

function onOpen(this: Linked): void {
  this[SESSION].opened()
}

function onMessage(this: Linked, data: Buffer, isBinary: boolean): void {
  this[SESSION].received(isBinary ? bytesOf(data) : data.toString(), data.byteLength)
}

function onPing(this: Linked): void {
  this[SESSION].asked()
}

function onPong(this: Linked): void {
  this[SESSION].heard()
}

function onError(this: Linked, error: Error): void {
  this[SESSION].failed(error)
}

function onClose(this: Linked, code: number, text: Buffer): void {
  this[SESSION].left(code, text.toString())
}

/** As a browser gives them: the methods of a Buffer are not those of a `Uint8Array`. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
