import type { PlainTraffic } from '../../../src/protocol.js'

export interface Rate {
  /** In bytes a second; none where it is not known yet. */
  readonly bytesIn?: number
  readonly bytesOut?: number
  readonly total: PlainTraffic
}

/** How much goes over all sessions: the difference of the last two tellings. */
export class Rates {
  #last: PlainTraffic | undefined
  now: Rate | undefined

  add(total: PlainTraffic): void {
    const last = this.#last
    const seconds = last ? (total.at - last.at) / 1_000 : 0
    this.#last = total
    if (!last || seconds <= 0) {
      this.now = { total }
      return
    }
    const rate = (field: 'bytesIn' | 'bytesOut') =>
      Math.max(0, (total[field] - last[field]) / seconds)
    this.now = { total, bytesIn: rate('bytesIn'), bytesOut: rate('bytesOut') }
  }

  clear(): void {
    this.#last = undefined
    this.now = undefined
  }
}
