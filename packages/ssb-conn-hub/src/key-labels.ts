import type { Hub } from '@conn-hub/core'
import type { Address } from './types.js'

/**
 * Keys that callers gave for addresses that name none. They are shown, and prove nothing: core does not hear of them
 * but as metadata. Events do not carry metadata, and the last ones of an entry come when it has gone: so they are here.
 */
export class KeyLabels {
  readonly #hub: Hub<unknown>
  readonly #labels = new Map<Address, string>()

  constructor(hub: Hub<unknown>) {
    this.#hub = hub
    // It comes after the event of the step.
    hub.on('change', ({ before, after }) => {
      if (after) this.keep(after.address, after.data.key)
      else if (before) this.#labels.delete(before.address)
    })
  }

  keep(address: Address, label: unknown): void {
    if (typeof label === 'string') this.#labels.set(address, label)
  }

  of(address: Address): string | undefined {
    return this.#labels.get(address) ?? labelOf(this.#hub.get(address)?.data)
  }
}

const labelOf = (data: { readonly key?: unknown } | undefined): string | undefined =>
  typeof data?.key === 'string' ? data.key : undefined
