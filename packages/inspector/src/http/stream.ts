import type { ServerResponse } from 'node:http'
import type { Feed } from './feed.js'

/** In ms: the changes of so long a time make one message. */
const BATCH = 50
/** In ms: what lies between browser and server must not take a quiet stream for a dead one. */
const HEARTBEAT = 15_000
/** In ms: a reader that takes nothing for so long has to begin again, or what it missed would grow without end. */
const PATIENCE = 30_000

/**
 * Sends a feed to one reader, no faster than it reads: a message is made when the socket has taken those before
 * it.
 */
export class Stream {
  readonly #response: ServerResponse
  readonly #feed: Feed
  readonly #heart: NodeJS.Timeout
  #ended = false
  /** There is something to tell. */
  #wake = () => {}
  /** There is room to tell it. */
  #resume = () => {}

  constructor(response: ServerResponse, feed: Feed) {
    this.#response = response
    this.#feed = feed
    this.#heart = setInterval(() => this.#beat(), HEARTBEAT).unref()
    response.on('drain', () => this.#resume())
    response.once('close', () => this.end())
  }

  /** Resolves when the reader has gone. */
  async run(hello: string): Promise<void> {
    let woken = this.#awake()
    this.#feed.start(() => this.#wake())
    await this.#write(hello)
    while (!this.#ended) {
      for (const message of this.#feed.now()) {
        await this.#write(message)
        if (this.#ended) return
      }
      await woken
      woken = this.#awake()
      await pause(BATCH)
    }
  }

  /** At once; may be called again. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#heart)
    this.#feed.stop()
    this.#response.destroy()
    this.#wake()
    this.#resume()
  }

  #awake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(':\n\n')
  }

  /** Resolves when there is room for more, or the reader has gone. */
  async #write(message: string): Promise<void> {
    if (this.#response.write(message)) return
    const impatience = setTimeout(() => this.end(), PATIENCE).unref()
    await new Promise<void>((resolve) => {
      this.#resume = resolve
    })
    clearTimeout(impatience)
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
