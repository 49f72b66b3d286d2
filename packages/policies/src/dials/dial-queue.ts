import type { Address, DialAttempt, Transport } from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
import { Deadlines } from '../parts/deadlines.js'
import { dialRefused } from '../parts/errors.js'
import { Heap, type Placed } from '../parts/heap.js'
import { dialLater } from '../parts/inner-dial.js'
import { expect } from '../parts/options.js'
import type { Refuser } from '../parts/refuser.js'
import type { Time } from '../parts/time.js'

export interface QueueSettings {
  readonly parallel: number
  readonly queue: number
  /** In ms. */
  readonly queueTimeout: number | undefined
  readonly priority: ((address: Address, attempt: DialAttempt<unknown>) => number) | undefined
}

/** A dial that waits for its turn, or runs. Small: there may be 100,000. */
class Job<S> implements Placed {
  readonly #queue: DialQueue<S>
  readonly address: Address
  readonly attempt: DialAttempt<S>
  readonly rank: number
  readonly number: number
  place = -1
  isOver = false
  release: (() => void) | undefined = undefined

  constructor(
    queue: DialQueue<S>,
    address: Address,
    attempt: DialAttempt<S>,
    rank: number,
    number: number,
  ) {
    this.#queue = queue
    this.address = address
    this.attempt = attempt
    this.rank = rank
    this.number = number
  }

  /** Hears of its end. First of all, for where the stack is full it must not have a place. True: it has ended. */
  hear(): boolean {
    // Bound, because a closure takes 60 bytes more.
    this.attempt.ended(this.#end.bind(this))
    return this.isOver
  }

  #end(): void {
    this.isOver = true
    this.#queue.ended(this)
  }
}

const WHY = 'a free place among the dials'

/** Higher ranks first, and of one rank whoever came first. */
export const isBefore = (
  a: { readonly rank: number; readonly number: number },
  b: { readonly rank: number; readonly number: number },
): boolean => (a.rank === b.rank ? a.number < b.number : a.rank > b.rank)

/** The dials that run, and those that wait; each leaves by its own end. */
export class DialQueue<S> {
  readonly #transport: Transport<S>
  readonly #settings: QueueSettings
  readonly #refuser: Refuser<S>
  readonly #running = new Heap<Job<S>>(isBefore)
  readonly #waiting = new Heap<Job<S>>(isBefore)
  readonly #deadlines: Deadlines<Job<S>> | undefined
  #lastNumber = 0
  #isStarting = false

  constructor(transport: Transport<S>, settings: QueueSettings, refuser: Refuser<S>, time: Time) {
    this.#transport = transport
    this.#settings = settings
    this.#refuser = refuser
    const { queueTimeout } = settings
    if (queueTimeout !== undefined) {
      this.#deadlines = new Deadlines(time, queueTimeout, (job) => this.#outOfTime(job))
    }
  }

  get running(): number {
    return this.#running.size
  }

  get waiting(): number {
    return this.#waiting.size
  }

  dial(address: Address, attempt: DialAttempt<S>): undefined {
    if (this.#running.size < this.#settings.parallel && this.#waiting.size === 0) {
      const job = new Job<S>(this, address, attempt, 0, 0)
      // An outer policy may have let it go on after its end.
      if (job.hear()) return
      this.#running.add(job)
      // What it throws or returns is the hub's business, for the hub stands behind this call.
      return this.#transport.dial(address, attempt) as undefined
    }
    if (this.#isFull) return this.#full(address, attempt)
    return this.#wait(address, attempt)
  }

  /** A place that has just become free counts: in the next turn somebody who waits will have it. */
  get #isFull(): boolean {
    const { parallel, queue } = this.#settings
    return this.#running.size + this.#waiting.size >= parallel + queue
  }

  #full(address: Address, attempt: DialAttempt<S>): undefined {
    const { parallel, queue } = this.#settings
    this.#refuser.dial(address, 'queue-full')
    const what = `${parallel} dials run and ${queue} wait, which is the limit. Dial less at once, or raise "parallel" or "queue".`
    attempt.fail(dialRefused('QUEUE_FULL', what))
  }

  explain(address: Address): Explanation[] {
    for (const job of this.#waiting) {
      if (job.address !== address) continue
      let before = 0
      for (const other of this.#waiting) if (isBefore(other, job)) before++
      const text = `waits behind ${before} of ${this.#waiting.size}, while ${this.#running.size} dials run`
      return [{ by: 'limitDials', text, until: this.#deadlines?.until(job) }]
    }
    return []
  }

  #wait(address: Address, attempt: DialAttempt<S>): undefined {
    const rank = this.#settings.priority?.(address, attempt) ?? 0
    expect(
      !Number.isNaN(rank) && typeof rank === 'number',
      'a function that gives numbers',
      'priority',
    )
    // Its function may have dialed others.
    if (this.#isFull) return this.#full(address, attempt)
    const number = ++this.#lastNumber
    const job = new Job<S>(this, address, attempt, rank, number)
    if (job.hear()) return
    this.#waiting.add(job)
    this.#deadlines?.add(job)
    const release = attempt.hold(WHY)
    // Whoever heard that it waits may have made room for it, or ended it.
    if (job.place < 0) release()
    else job.release = release
    // Its function may have ended those that ran, while nobody waited.
    this.#startSoon()
  }

  /** The attempt of a job has ended, whether it waited or ran. */
  ended(job: Job<S>): void {
    if (this.#running.delete(job)) this.#startSoon()
    else this.#take(job)
  }

  #take(job: Job<S>): void {
    this.#deadlines?.delete(job)
    this.#waiting.delete(job)
  }

  /** In the next turn: whoever ends many at once, as the end of the hub does, must not begin the next ones by it. */
  #startSoon(): void {
    if (this.#isStarting || !this.#next) return
    Promise.resolve().then(() => {
      this.#isStarting = false
      // A loop, and no recursion: dials may fail as fast as they begin.
      for (let job = this.#next; job; job = this.#next) this.#start(job)
    })
    // Last, for where the stack is full nobody has begun.
    this.#isStarting = true
  }

  /** Who has its turn; nobody, where no place is free. */
  get #next(): Job<S> | undefined {
    return this.#running.size < this.#settings.parallel ? this.#waiting.first : undefined
  }

  #start(job: Job<S>): void {
    const { address, attempt } = job
    this.#take(job)
    // Once more: where the stack was full when it ended, nobody has heard of it.
    if (job.hear()) return
    this.#running.add(job)
    job.release?.()
    // Whoever heard that it waits no more may have ended it.
    if (job.place >= 0) dialLater(this.#transport, address, attempt)
  }

  #outOfTime(job: Job<S>): void {
    if (!this.#waiting.delete(job)) return
    this.#refuser.dial(job.address, 'queue-timeout')
    const what = `it waited ${this.#settings.queueTimeout} ms for its turn. Raise "parallel" or "queueTimeout", or give it a "priority".`
    job.attempt.fail(dialRefused('QUEUE_TIMEOUT', what))
  }
}
