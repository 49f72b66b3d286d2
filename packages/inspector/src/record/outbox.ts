import { hubError } from './errors.js'

/**
 * Takes the text of a record: one or more lines, each with its line break. What it returns may be a promise: the next text comes when it has
 * resolved.
 *
 * @param text Lines of JSON.
 * @param begins Whether it begins a part that can be read alone: a rotating sink takes a new file.
 */
export type Sink = (text: string, begins: boolean) => unknown

/** In ms: lines of so long a time make one text. */
const DELAY = 50

/** Lines that wait become one text so many at a time: what is put together piece by piece is a burden for as long as it waits. */
const JOINED = 64

interface Chunk {
  readonly begins: boolean
  readonly texts: string[]
  readonly newest: string[]
  lines: number
  size: number
}

const createChunk = (begins: boolean): Chunk => ({
  begins,
  texts: [],
  newest: [],
  lines: 0,
  size: 0,
})

/** What waits for the sink, which is called outside of the hub's deliveries, one text after another. Bounded. */
export class Outbox {
  readonly #sink: Sink
  readonly #most: number
  readonly #onLost: (lines: number, error: unknown) => void
  readonly #chunks: Chunk[] = []
  #onEmpty: (() => void)[] = []
  #size = 0
  #isSending = false
  #isFlushing = false
  #isLooping = false
  #timer: unknown
  #written = 0

  /** @param onLost The sink threw, or rejected: so many lines are lost. */
  constructor(sink: Sink, most: number, onLost: (lines: number, error: unknown) => void) {
    this.#sink = sink
    this.#most = most
    this.#onLost = onLost
  }

  /** In characters: what waits, and what the sink is taking. */
  get size(): number {
    return this.#size
  }

  /** How many lines the sink has taken. */
  get written(): number {
    return this.#written
  }

  begin(): void {
    this.#chunks.push(createChunk(true))
  }

  /** Whether there was room for it. */
  add(line: string): boolean {
    if (this.#size + line.length > this.#most) return false
    let chunk = this.#chunks.at(-1)
    if (!chunk) {
      chunk = createChunk(false)
      this.#chunks.push(chunk)
    }
    chunk.newest.push(line)
    if (chunk.newest.length === JOINED) chunk.texts.push(chunk.newest.splice(0).join(''))
    chunk.lines++
    chunk.size += line.length
    this.#size += line.length
    if (!this.#isSending) this.#wait()
    return true
  }

  /** Sends at once what waits. Resolves when the sink has taken it. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve)
      this.#isFlushing = true
      this.#send()
    })
  }

  #wait(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#send()
    }, DELAY)
    unref(this.#timer)
  }

  /** A loop: where many parts wait, each would take its place on the stack. */
  #send(): void {
    if (this.#isSending || this.#isLooping) return
    this.#isLooping = true
    try {
      do this.#sendOne()
      while (this.#isFlushing && !this.#isSending)
    } finally {
      this.#isLooping = false
    }
  }

  #sendOne(): void {
    const chunk = this.#chunks.shift()
    if (!chunk) return void this.#empty()
    if (this.#timer !== undefined) clearTimeout(this.#timer as number)
    this.#timer = undefined
    this.#isSending = true
    const failed = (error: unknown) => {
      // What comes after a gap makes no sense.
      const lost = [chunk, ...this.#chunks.splice(0)]
      this.#size = chunk.size
      this.#sent(chunk)
      this.#onLost(
        lost.reduce((sum, { lines }) => sum + lines, 0),
        error,
      )
    }
    try {
      const result = this.#sink([...chunk.texts, ...chunk.newest].join(''), chunk.begins) as
        | PromiseLike<unknown>
        | undefined
      if (typeof result?.then === 'function') {
        Promise.resolve(result).then(() => this.#taken(chunk), failed)
      } else this.#taken(chunk)
    } catch (error) {
      failed(error)
    }
  }

  #taken(chunk: Chunk): void {
    this.#written += chunk.lines
    this.#sent(chunk)
  }

  #sent(chunk: Chunk): void {
    this.#isSending = false
    this.#size -= chunk.size
    if (this.#chunks.length === 0) this.#empty()
    else if (this.#isFlushing) this.#send()
    else this.#wait()
  }

  #empty(): void {
    this.#isFlushing = false
    const waiting = this.#onEmpty
    this.#onEmpty = []
    for (const resolve of waiting) resolve()
  }
}

/** In Node a timer keeps the process alive; in browsers it is a number. */
export const unref = (timer: unknown): void => {
  ;(timer as { unref?: () => void }).unref?.()
}

export const tooSlow = (lines: number): Error =>
  hubError(
    'RECORD_LOST',
    `The sink is too slow: ${lines} lines of the record are lost. It begins anew.`,
  )
