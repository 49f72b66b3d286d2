import type { Address, DialAttempt, PeerKey } from '@conn-hub/core'
import type { Rpc } from './ssb.js'

/** A call of `ssb.connect` that has not called back, cancelled by the hub or not: sbots cannot cancel. */
export interface PendingDial<R extends Rpc> {
  readonly address: Address
  readonly key: PeerKey | undefined
  readonly attempt: DialAttempt<R>
  /** Others to the same key, hardly ever there: a list in both directions, so that each leaves in one step. */
  older?: PendingDial<R> | undefined
  newer?: PendingDial<R> | undefined
  /** `ssb.connect` has returned. Until then nobody can have cancelled it, and its signal need not be made. */
  isOut?: boolean
}

/** Tells which dial an rpc belongs to, before the callback does. */
export class PendingDials<R extends Rpc> {
  readonly #newestByKey = new Map<PeerKey | undefined, PendingDial<R>>()

  get any(): boolean {
    return this.#newestByKey.size > 0
  }

  add(dial: PendingDial<R>): void {
    const older = this.#newestByKey.get(dial.key)
    dial.older = older
    if (older) older.newer = dial
    this.#newestByKey.set(dial.key, dial)
  }

  /** One that has left already is passed over: sbots may call back twice. */
  delete(dial: PendingDial<R>): void {
    const { key, older, newer } = dial
    const isNewest = this.#newestByKey.get(key) === dial
    if (!newer && !isNewest) return
    if (older) older.newer = newer
    if (newer) newer.older = older
    else if (older) this.#newestByKey.set(key, older)
    else this.#newestByKey.delete(key)
    dial.older = undefined
    dial.newer = undefined
  }

  /**
   * The one dial to this key. None where there are several, for nobody can tell them apart yet, nor where the hub
   * has cancelled it: the rpc may be somebody else's then, and must not be closed for that.
   */
  only(key: PeerKey | undefined): PendingDial<R> | undefined {
    const dial = key === undefined ? undefined : this.#newestByKey.get(key)
    if (!dial || dial.older) return undefined
    return dial.isOut && dial.attempt.signal.aborted ? undefined : dial
  }
}
