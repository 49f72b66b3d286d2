/** Whether the others see this machine, and it sees them. */
export class Readiness {
  readonly promise: Promise<void>
  #resolve = () => {}
  #reject = (_: unknown) => {}
  #hasLoaded: boolean
  #hasPublished = false

  /** @param follows Else there is nothing to load. */
  constructor(follows: boolean) {
    this.#hasLoaded = !follows
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Nobody need wait for it.
    this.promise.catch(() => {})
  }

  loaded(): void {
    this.#hasLoaded = true
    this.#settle()
  }

  published(): void {
    this.#hasPublished = true
    this.#settle()
  }

  reject(error: unknown): void {
    this.#reject(error)
  }

  #settle(): void {
    if (this.#hasLoaded && this.#hasPublished) this.#resolve()
  }
}
