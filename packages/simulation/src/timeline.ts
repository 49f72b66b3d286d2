/** What happened in a world. */
export interface Happening {
  /** In ms since the world began. */
  readonly at: number
  /** The peer that it happened at; none: the network, or the scenario. */
  readonly peer: string | undefined
  /** Counts the events of one hub, anew after each start. */
  readonly seq: number | undefined
  /** In words. */
  readonly what: string
}

/** How many are kept: enough to read, and no more than a long run may cost. */
const KEPT = 5_000

/** What happened, the last of it, and a hash of all of it. */
export class Timeline {
  readonly #hash = new Hash()
  readonly #onLine: ((happening: Happening) => void) | undefined
  #last: Happening[] = []
  count = 0

  constructor(onLine?: (happening: Happening) => void) {
    this.#onLine = onLine
  }

  add(at: number, peer: string | undefined, seq: number | undefined, what: string): void {
    this.count++
    this.#hash.add(`${at} ${peer} ${seq} ${what}\n`)
    const happening = { at, peer, seq, what }
    this.#last.push(happening)
    if (this.#last.length >= 2 * KEPT) this.#last = this.#last.slice(-KEPT)
    this.#onLine?.(happening)
  }

  get last(): readonly Happening[] {
    return this.#last.slice(-KEPT)
  }

  get hash(): string {
    return this.#hash.toString()
  }
}

/** FNV-1a, twice with different beginnings: 64 bits are enough to tell runs apart, and it needs no node: module. */
export class Hash {
  #low = 0x811c9dc5
  #high = 0x01234567

  add(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      this.#low = Math.imul(this.#low ^ code, 0x01000193)
      this.#high = Math.imul(this.#high ^ code, 0x01000193)
    }
  }

  toString(): string {
    return [this.#high, this.#low]
      .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
      .join('')
  }
}

/** One line of a printed timeline. */
export const formatHappening = ({ at, peer, seq, what }: Happening): string => {
  const time = `${(at / 1_000).toFixed(3)} s`.padStart(12)
  const who = peer === undefined ? '' : `${peer}${seq === undefined ? '' : ` ${seq}`}`
  return `${time}  ${who.padEnd(14)} ${what}`
}

/** The last lines of what led there. */
export const formatTimeline = (timeline: readonly Happening[], lines: number): string => {
  const left = timeline.length > lines ? [`… ${timeline.length - lines} more before`] : []
  return [...left, ...timeline.slice(-lines).map(formatHappening)].join('\n')
}
