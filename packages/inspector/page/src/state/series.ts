import type { Sample as Told } from '../../../src/protocol.js'
import { pushBounded } from './bounded.js'
import type { Counts } from './counts.js'

export interface Sample extends Counts {
  /** In ms since 1970. */
  readonly at: number
}

/** An hour, at one sample a second at most. */
export const SAMPLES = 3_600

const isAlike = (one: Counts, other: Counts): boolean =>
  one.connected === other.connected &&
  one.connecting === other.connecting &&
  one.disconnecting === other.disconnecting

/** The counts over time: a sample where they changed. Each holds until the next. */
export class Series {
  readonly samples: Sample[] = []
  /** Counts the changes. */
  version = 0

  add(counts: Counts, at: number): void {
    const last = this.samples.at(-1)
    if (last && isAlike(last, counts)) return
    this.version++
    pushBounded(this.samples, [{ ...counts, at }], SAMPLES)
  }

  /** What the server has kept is more than what this page has seen. */
  begin(past: readonly Told[]): void {
    const told = past.map(([at, connected, connecting, disconnecting]) => ({
      ...{ at, connected, connecting, disconnecting },
    }))
    this.version++
    this.samples.splice(0, this.samples.length, ...told)
  }

  /** The last `ms`, from the sample that held at their beginning to now. */
  window(ms: number, now: number): Sample[] {
    const from = now - ms
    const after = this.samples.findIndex(({ at }) => at > from)
    const first = after === -1 ? this.samples.length - 1 : Math.max(0, after - 1)
    const shown = this.samples.slice(Math.max(0, first))
    const [held] = shown
    if (held && held.at < from) shown[0] = { ...held, at: from }
    const last = shown.at(-1)
    return last && last.at < now ? [...shown, { ...last, at: now }] : shown
  }
}
