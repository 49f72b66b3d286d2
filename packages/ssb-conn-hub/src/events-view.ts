/** What waits for a slow reader: the newest so many. */
const CAPACITY = 1000

interface Told<E> {
  readonly closed: boolean
  on(type: '*', listener: (event: E) => unknown): () => void
  on(type: 'close', listener: () => unknown): () => void
}

/** Events at the reader's own pace, as core's view `events` gives them, of anything that has `on()`. */
export class EventsView<E> {
  readonly #told: Told<E>
  readonly #queue: E[] = []
  #state: 'open' | 'closing' | 'ended' = 'open'
  #release = () => {}

  constructor(told: Told<E>) {
    this.#told = told
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  start(wake: (offered?: E) => unknown): void {
    if (this.#told.closed) return void this.stop()
    const stopEvents = this.#told.on('*', (event) => {
      if (this.#queue.length === 0 && wake(event) === true) return
      if (this.#queue.length === CAPACITY) this.#queue.shift()
      this.#queue.push(event)
      wake()
    })
    const stopClose = this.#told.on('close', () => {
      this.#state = 'closing'
      wake()
    })
    this.#release = () => {
      stopEvents()
      stopClose()
    }
  }

  take(): E | undefined {
    const event = this.#queue.shift()
    if (!event && this.#state === 'closing') this.stop()
    return event
  }

  stop(): void {
    this.#state = 'ended'
    this.#queue.length = 0
    this.#release()
    this.#release = () => {}
  }
}
