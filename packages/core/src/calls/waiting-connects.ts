import type { Address } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import { Callers } from './callers.js'
import type { ConnectCaller } from './connect-caller.js'

/** The calls of `connect()` that wait for the end of a disconnect, by address. */
export class WaitingConnects<S> {
  readonly #byAddress = new Map<Address, Callers<S, ConnectCaller<S>>>()

  has(address: Address): boolean {
    return this.#byAddress.has(address)
  }

  add(address: Address, caller: ConnectCaller<S>): void {
    let callers = this.#byAddress.get(address)
    if (!callers) {
      callers = new Callers(() => this.#byAddress.delete(address))
      this.#byAddress.set(address, callers)
    }
    callers.join(caller)
  }

  /** Takes out the one who came first. */
  shift(address: Address): ConnectCaller<S> | undefined {
    const callers = this.#byAddress.get(address)
    const caller = callers?.shift()
    if (!callers?.any) this.#byAddress.delete(address)
    return caller
  }

  cancel(address: Address, error: () => HubError): void {
    const callers = this.#byAddress.get(address)
    this.#byAddress.delete(address)
    callers?.reject(error())
  }

  cancelAll(error: () => HubError): void {
    for (const address of [...this.#byAddress.keys()]) this.cancel(address, error)
  }
}
