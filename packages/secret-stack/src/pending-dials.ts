import type { DialAttempt, PeerKey } from '@conn-hub/core'
import type { Rpc } from './ssb.js'

/** A call of `ssb.connect` that has not called back, cancelled by the hub or not: sbots cannot cancel. */
export interface PendingDial<R extends Rpc> {
  readonly key: PeerKey | undefined
  readonly attempt: DialAttempt<R>
  /** `ssb.connect` has returned. Until then nobody can have cancelled it, and its signal need not be made. */
  isOut?: boolean
}

/** Tells which dial an rpc belongs to, before the callback does. */
export class PendingDials<R extends Rpc> {
  readonly #byKey = new Map<PeerKey | undefined, readonly PendingDial<R>[]>()

  get any(): boolean {
    return this.#byKey.size > 0
  }

  add(dial: PendingDial<R>): void {
    this.#byKey.set(dial.key, [...(this.#byKey.get(dial.key) ?? []), dial])
  }

  delete(dial: PendingDial<R>): void {
    const others = this.#byKey.get(dial.key)?.filter((other) => other !== dial) ?? []
    if (others.length > 0) this.#byKey.set(dial.key, others)
    else this.#byKey.delete(dial.key)
  }

  /**
   * The one dial to this key. None where there are several, for nobody can tell them apart yet, nor where the hub
   * has cancelled it: the rpc may be somebody else's then, and must not be closed for that.
   */
  only(key: PeerKey | undefined): PendingDial<R> | undefined {
    const same = key === undefined ? undefined : this.#byKey.get(key)
    const [dial] = same?.length === 1 ? same : []
    return dial?.isOut && dial.attempt.signal.aborted ? undefined : dial
  }
}
