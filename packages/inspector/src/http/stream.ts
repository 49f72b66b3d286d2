import type { ServerResponse } from 'node:http'
import type { Feed } from './feed.js'
import { PART, toMessage } from './messages.js'

/** In ms: what is not urgent is told once in this time. */
const TICK = 1_000
/** In ticks: what lies between browser and server must not take a quiet stream for a dead one, and the page must not take a dead one for quiet. */
const HEARTBEAT = 15
/** In ms: a reader that takes nothing for so long has to begin again, or what it missed would grow without end. */
const PATIENCE = 30_000

/**
 * Sends a feed to one reader, no faster than it reads: a message is made when the socket has taken those before
 * it.
 */
export class Stream {
  /** On which it is sent. */
  readonly socket: unknown
  readonly #response: ServerResponse
  #feed: Feed | undefined
  /** What shall be told from now on, and what comes before it. */
  #next: { readonly feed: Feed; readonly hello: string } | undefined
  readonly #pause: () => Promise<void>
  readonly #timer: NodeJS.Timeout
  #ticks = 0
  #isTicked = true
  #ended = false
  /** There is something to tell. */
  #onWake = () => {}
  /** There is room to tell it. */
  #resume = () => {}

  /** `pause`: until all that read along go on. */
  constructor(response: ServerResponse, pause: () => Promise<void>) {
    this.socket = response.socket
    this.#response = response
    this.#pause = pause
    this.#timer = setInterval(() => this.#tick(), TICK).unref()
    response.on('drain', () => this.#resume())
    response.once('close', () => this.end())
  }

  /** From now on this is told, from its beginning; the former is told no more. */
  show(feed: Feed, hello: string): void {
    this.#next = { feed, hello }
    this.wake()
  }

  wake(): void {
    this.#onWake()
  }

  /** Resolves when the reader has gone. */
  async run(): Promise<void> {
    let woken = this.#awake()
    while (!this.#ended) {
      if (this.#next) await this.#begin(this.#next)
      if (this.#feed) await this.#send(this.#feed.now())
      if (this.#feed && this.#isTicked) {
        this.#isTicked = false
        await this.#send(this.#feed.beside())
      }
      await woken
      woken = this.#awake()
      await this.#pause()
    }
  }

  /** At once; may be called again. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#timer)
    this.#feed?.stop()
    this.#response.destroy()
    this.wake()
    this.#resume()
  }

  #awake(): Promise<void> {
    return new Promise((resolve) => {
      this.#onWake = resolve
    })
  }

  async #begin({ feed, hello }: { readonly feed: Feed; readonly hello: string }): Promise<void> {
    this.#next = undefined
    this.#isTicked = true
    this.#feed?.stop()
    this.#feed = feed
    feed.start(() => this.wake())
    await this.#write(hello)
  }

  #tick(): void {
    this.#ticks++
    this.#isTicked = true
    this.wake()
    if (this.#ticks % HEARTBEAT > 0 || this.#response.writableNeedDrain) return
    this.#response.write(toMessage('beat', { at: Date.now() }))
  }

  /** Short messages go together: each write costs more than what is written. Bytes are those of others, too, and go as they are. */
  async #send(messages: Iterable<string | Buffer>): Promise<void> {
    let text = ''
    for (const message of messages) {
      const isText = typeof message === 'string'
      if (isText) text += message
      if (isText && text.length < PART) continue
      if (text !== '') await this.#write(text)
      text = ''
      if (!isText) await this.#write(message)
      if (this.#ended || this.#next) return
    }
    if (text !== '') await this.#write(text)
  }

  /** Resolves when there is room for more, or the reader has gone. */
  async #write(message: string | Buffer): Promise<void> {
    if (this.#response.write(message)) return
    const impatience = setTimeout(() => this.end(), PATIENCE).unref()
    await new Promise<void>((resolve) => {
      this.#resume = resolve
    })
    clearTimeout(impatience)
  }
}
