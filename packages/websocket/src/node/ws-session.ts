import type { Direction } from '@conn-hub/core'
import { closeText, refusedFor } from '../codes.js'
import type { Message, UpgradeRequest } from '../model/link.js'
import type { WsSocket } from '../model/socket.js'
import { LinkSession } from '../session.js'
import type { Settings } from '../settings.js'

/** What the other side has done wrong, by the codes of `ws`, which closes the socket itself. */
const VIOLATIONS: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
}

const SESSION = Symbol('session')

/** A socket of `ws`. Its listeners are the same functions for all sockets, so that a link costs no closures. */
export class WsSession extends LinkSession {
  readonly #socket: WsSocket
  #failure: Error | undefined = undefined

  constructor(
    socket: WsSocket,
    direction: Direction,
    settings: Settings,
    request?: UpgradeRequest,
  ) {
    super(direction, settings, request)
    this.#socket = socket
    Object.assign(socket, { [SESSION]: this })
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('pong', onPong)
    socket.on('error', onError)
    socket.on('close', onClose)
    if (direction === 'outbound') socket.on('open', onOpen)
  }

  get protocol(): string {
    return this.#socket.protocol
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  failed(error: Error & { readonly code?: string }): void {
    this.#failure = error
    const { code = '' } = error
    if (!code.startsWith('WS_ERR_')) return
    const closeCode = VIOLATIONS[code] ?? 1002
    const what = `The other side broke the protocol: ${error.message}.`
    this.end(closeCode, '', refusedFor(closeCode, what, error))
  }

  gone(code: number, text: string): void {
    this.closed(code, text, this.#failure)
  }

  protected write(data: Message | ArrayBuffer, isMuch: boolean): void {
    this.#socket.send(data, isMuch ? () => this.flushed() : undefined)
  }

  protected ask(): void {
    this.#socket.ping()
  }

  protected watchDrain(): void {}

  protected setReading(isReading: boolean): boolean {
    if (isReading) this.#socket.resume()
    else this.#socket.pause()
    return true
  }

  protected closeSocket(code: number, text: string): void {
    this.#socket.close(code, closeText(text))
  }

  protected destroySocket(): void {
    this.#socket.terminate()
  }
}

type Linked = { readonly [SESSION]: WsSession }

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
  this[SESSION].gone(code, text.toString())
}

/** As a browser gives them: the methods of a Buffer are not those of a `Uint8Array`. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
