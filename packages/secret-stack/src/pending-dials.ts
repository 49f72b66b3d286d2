import type { DialAttempt, PeerKey } from '@conn-hub/core'
import type { Rpc } from './ssb.js'

/** A call of `ssb.connect` that has not called back, cancelled by the hub or not: sbots cannot cancel. */
export interface PendingDial<R extends Rpc> {
  readonly key: PeerKey | undefined
  readonly attempt: DialAttempt<R>
}

/** Tells which dial an rpc belongs to, before the callback does. */
export class PendingDials<R extends Rpc> {
  readonly #byKey = new Map<PeerKey | undefined, Set<PendingDial<R>>>()

  get any(): boolean {
    return this.#byKey.size > 0
  }

  add(dial: PendingDial<R>): void {
    const same = this.#byKey.get(dial.key)
    if (same) same.add(dial)
    else this.#byKey.set(dial.key, new Set([dial]))
  }

  delete(dial: PendingDial<R>): void {
    const same = this.#byKey.get(dial.key)
    same?.delete(dial)
    if (same?.size === 0) this.#byKey.delete(dial.key)
  }

  /**
   * The one dial to this key. None where there are several, for nobody can tell them apart yet, nor where the hub
   * has cancelled it: the rpc may be somebody else's then, and must not be closed for that.
   */
  only(key: PeerKey | undefined): PendingDial<R> | undefined {
    const same = key === undefined ? undefined : this.#byKey.get(key)
    const [dial] = same?.size === 1 ? same : []
    return dial?.attempt.signal.aborted ? undefined : dial
  }
}
