/** So many names, of those that were seen last. */
const LIMIT = 10_000

/** The names of peers, also of those that have gone. */
export class Labels {
  readonly #byAddress = new Map<string, string>()

  set(address: string, label: string | undefined): void {
    if (label === undefined || this.#byAddress.get(address) === label) return
    this.#byAddress.delete(address)
    this.#byAddress.set(address, label)
    if (this.#byAddress.size > LIMIT) {
      for (const oldest of this.#byAddress.keys()) {
        this.#byAddress.delete(oldest)
        break
      }
    }
  }

  of(address: string): string | undefined {
    return this.#byAddress.get(address)
  }
}
