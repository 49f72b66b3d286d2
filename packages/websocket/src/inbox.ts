import type { Message } from './model/link.js'

type Result = IteratorResult<Message, undefined>

interface Waiting {
  readonly reader: object
  readonly resolve: (result: Result) => void
}

/** What a message costs beside its content, so that many empty ones are not free. */
const OVERHEAD = 64

const costOf = (message: Message): number =>
  OVERHEAD + (typeof message === 'string' ? message.length : message.byteLength)

/** The messages that nobody has read yet, or the readers that wait for one. */
export class Inbox {
  /** How much waits: characters of texts, bytes, and some for each message. */
  size = 0
  // Both are made when they are needed: mostly there are none of the first, and one of the second.
  #messages: Message[] | undefined
  #head = 0
  #waiting: Waiting[] | undefined
  #ended = false

  push(message: Message): void {
    if (this.#waiting) {
      this.#firstWaiting().resolve({ done: false, value: message })
      return
    }
    this.size += costOf(message)
    if (this.#messages) this.#messages.push(message)
    else this.#messages = [message]
  }

  next(reader: object): Promise<Result> {
    if (this.#messages) return Promise.resolve({ done: false, value: this.#take(this.#messages) })
    if (this.#ended) return Promise.resolve(DONE)
    return new Promise((resolve) => {
      const waiting = { reader, resolve }
      if (this.#waiting) this.#waiting.push(waiting)
      else this.#waiting = [waiting]
    })
  }

  /** Whoever waits for this reader is told the end. */
  leave(reader: object): void {
    const [mine, others] = [[], []] as [Waiting[], Waiting[]]
    for (const each of this.#waiting ?? []) (each.reader === reader ? mine : others).push(each)
    this.#waiting = others.length > 0 ? others : undefined
    for (const { resolve } of mine) resolve(DONE)
  }

  /** No more messages come. Those that wait can still be read. */
  end(): void {
    this.#ended = true
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const { resolve } of waiting) resolve(DONE)
  }

  #take(messages: Message[]): Message {
    const message = messages[this.#head] as Message
    this.size -= costOf(message)
    this.#head++
    if (this.#head === messages.length) {
      this.#messages = undefined
      this.#head = 0
    } else if (this.#head > 1_000 && this.#head * 2 > messages.length) {
      // Not at each: to move all the others costs more than the place that it gives back.
      this.#messages = messages.slice(this.#head)
      this.#head = 0
    } else {
      messages[this.#head - 1] = ''
    }
    return message
  }

  #firstWaiting(): Waiting {
    const [first, ...others] = this.#waiting as [Waiting, ...Waiting[]]
    this.#waiting = others.length > 0 ? others : undefined
    return first
  }
}

const DONE: Result = { done: true, value: undefined }
