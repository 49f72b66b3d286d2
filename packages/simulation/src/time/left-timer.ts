import type { Life } from './life.js'

/** A timer that has not run yet. */
export interface LeftTimer {
  readonly life: Life | undefined
  /** In words. */
  readonly what: string
}

/** As fake-timers has one. */
interface Timer {
  readonly func?: { readonly name: string } | undefined
  readonly immediate?: boolean | undefined
  readonly interval?: number | undefined
  readonly delay?: number | undefined
  readonly callAt?: number | undefined
}

export const describeTimer = (timer: Timer, now: number): string =>
  `${kindOf(timer)}, due in ${(timer.callAt ?? 0) - now} ms, that calls ${nameOf(timer)}`

const kindOf = ({ immediate, interval, delay }: Timer): string => {
  if (immediate) return 'an immediate'
  return interval === undefined ? `a timer of ${delay} ms` : `an interval of ${interval} ms`
}

const nameOf = ({ func }: Timer): string =>
  func?.name ? `"${func.name}"` : 'a function without a name'
