import type { Message } from './model/link.js'

type Result = IteratorResult<Message, undefined>

interface Waiting {
  readonly reader: object
  readonly resolve: (result: Result) => void
}

interface Queued {
  readonly message: Message
  next: Queued | undefined
}

/** What a message costs beside its content, so that many empty ones are not free. */
const OVERHEAD = 64

/** The messages that nobody has read yet, or the readers that wait for one. */
export class Inbox {
  /** How much waits: characters of texts, bytes, and some for each message. */
  size = 0
  #first: Queued | undefined
  #last: Queued | undefined
  // Made when it is needed, for mostly one waits: an array that grows by itself takes room for many.
  #waiting: Waiting[] | undefined
  #ended = false

  push(message: Message): void {
    const first = this.#waiting?.shift()
    if (first) {
      first.resolve({ done: false, value: message })
      return
    }
    const queued = { message, next: undefined }
    if (this.#last) this.#last.next = queued
    else this.#first = queued
    this.#last = queued
    this.size += OVERHEAD + message.length
  }

  next(reader: object): Promise<Result> {
    if (this.#first) {
      const { message, next } = this.#first
      this.#first = next
      if (!next) this.#last = undefined
      this.size -= OVERHEAD + message.length
      return Promise.resolve({ done: false, value: message })
    }
    if (this.#ended) return Promise.resolve(DONE)
    return new Promise((resolve) => {
      const waiting = { reader, resolve }
      if (this.#waiting?.length) this.#waiting.push(waiting)
      else this.#waiting = [waiting]
    })
  }

  /** Whoever waits is told the end; where a reader is given, for that one alone. */
  leave(reader?: object): void {
    const waiting = this.#waiting ?? []
    const isLeaving = (each: Waiting) => !reader || each.reader === reader
    this.#waiting = waiting.filter((each) => !isLeaving(each))
    for (const { resolve } of waiting.filter(isLeaving)) resolve(DONE)
  }

  /** No more messages come. Those that wait can still be read. */
  end(): void {
    this.#ended = true
    this.leave()
  }
}

/** How an iteration ends. */
export const DONE = { done: true, value: undefined } as const
