import { byteLength } from './bytes.js'
import { closeText, pageCodeOf } from './codes.js'
import type { Message } from './model/link.js'
import type { DomEvent, DomSocket } from './model/socket.js'
import { LinkSession } from './session.js'
import type { Settings } from './settings.js'

const TYPES = ['open', 'message', 'error', 'close']

/** How often a page looks whether there is room again, in ms: no event tells it. */
const LOOK = 20

/** A socket as browsers have it; it listens itself, so that a link costs no closures. */
export class DomSession extends LinkSession<DomSocket> {
  #failure: unknown

  constructor(socket: DomSocket, settings: Settings) {
    super(socket, 'outbound', settings)
    socket.binaryType = 'arraybuffer'
    for (const type of TYPES) socket.addEventListener(type, this)
  }

  handleEvent(event: DomEvent): void {
    if (event.type === 'message') this.#onMessage(event.data)
    else if (event.type === 'open') this.opened()
    else if (event.type === 'error') this.#onError(event)
    else this.#onClose(event)
  }

  protected write(data: Message | ArrayBuffer): void {
    this.socket.send(data)
  }

  protected ask(): void {
    this.write(this.settings.probeTexts.ask)
  }

  protected flushed(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, LOOK))
  }

  /** It cannot stop to read. */
  protected full(): void {
    this.endFull()
  }

  protected closeSocket(code: number, text: string): void {
    this.socket.close(pageCodeOf(code), closeText(text))
  }

  protected destroySocket(): void {
    this.socket.close()
    // It may stay open for as long as the browser likes: nobody listens to it any more.
    this.#leave()
  }

  #onMessage(data: unknown): void {
    const message = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)
    this.received(message, byteLength(message) ?? 0)
  }

  #onError({ error }: DomEvent): void {
    this.#failure = error
    // In Node 22 no close follows where the dial has failed. Elsewhere that would say nothing more.
    if (this.state === 'opening') this.#onClose({ type: 'close' })
  }

  #onClose({ code = 1006, reason = '' }: DomEvent): void {
    this.#leave()
    this.closed(code, reason, this.#failure)
  }

  #leave(): void {
    for (const type of TYPES) this.socket.removeEventListener(type, this)
  }
}
