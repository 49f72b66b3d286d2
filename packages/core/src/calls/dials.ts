import type { Address } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { Dial } from './dial.js'

/** The dials that run, by address. */
export class Dials<S> {
  readonly #byAddress = new Map<Address, Dial<S>>()

  get(address: Address): Dial<S> | undefined {
    return this.#byAddress.get(address)
  }

  add(dial: Dial<S>): void {
    this.#byAddress.set(dial.address, dial)
  }

  /** False: it is not the dial of its address any more. */
  remove(dial: Dial<S>): boolean {
    return this.#byAddress.get(dial.address) === dial && this.#byAddress.delete(dial.address)
  }

  /** Ends a dial without the transport. Whoever cancels has committed before: a transport that hears of it finds things as they are. */
  cancel(address: Address, why: () => HubError): void {
    const dial = this.#byAddress.get(address)
    if (!dial) return
    this.#byAddress.delete(address)
    const error = why()
    dial.end(error)
    dial.callers.reject(error)
  }
}
