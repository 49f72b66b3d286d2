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

  /** Who has left already is passed over: sbots may call back twice. */
  delete(dial: PendingDial<R>): void {
    let before: PendingDial<R> | undefined
    let found = this.#byKey.get(dial.key)
    while (found && found !== dial) {
      before = found
      found = found.next
    }
    if (!found) return
    if (before) before.next = dial.next
    else if (dial.next) this.#byKey.set(dial.key, dial.next)
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
