import type { DialAttempt, PeerKey } from '@conn-hub/core'
import type { Rpc } from './ssb.js'

/** A call of `ssb.connect` that has not called back, cancelled by the hub or not: sbots cannot cancel. */
export interface PendingDial<R extends Rpc> {
  readonly key: PeerKey | undefined
  readonly attempt: DialAttempt<R>
  /** Another one to the same key; hardly ever there. */
  next?: PendingDial<R> | undefined
  /** `ssb.connect` has returned. Until then nobody can have cancelled it, and its signal need not be made. */
  isOut?: boolean
}

/** Tells which dial an rpc belongs to, before the callback does. */
export class PendingDials<R extends Rpc> {
  readonly #byKey = new Map<PeerKey | undefined, PendingDial<R>>()

  get any(): boolean {
    return this.#byKey.size > 0
  }

  add(dial: PendingDial<R>): void {
    dial.next = this.#byKey.get(dial.key)
    this.#byKey.set(dial.key, dial)
  }

  delete(dial: PendingDial<R>): void {
    const rest = without(this.#byKey.get(dial.key), dial)
    if (rest) this.#byKey.set(dial.key, rest)
    else this.#byKey.delete(dial.key)
  }

  /**
   * The one dial to this key. None where there are several, for nobody can tell them apart yet, nor where the hub
   * has cancelled it: the rpc may be somebody else's then, and must not be closed for that.
   */
  only(key: PeerKey | undefined): PendingDial<R> | undefined {
    const dial = key === undefined ? undefined : this.#byKey.get(key)
    if (!dial || dial.next) return undefined
    return dial.isOut && dial.attempt.signal.aborted ? undefined : dial
  }
}

const without = <R extends Rpc>(
  first: PendingDial<R> | undefined,
  dial: PendingDial<R>,
): PendingDial<R> | undefined => {
  if (first === dial) return dial.next
  if (first) first.next = without(first.next, dial)
  return first
}
