import type { Address, ConnectionData } from './types.js'

type Entry = [Address, ConnectionData]

/**
 * Entries as they cross muxrpc, each made once for each change: metadata is anybody's, and looking whether all of it
 * can cross takes long. A copy, so that what somebody writes on the data later cannot spoil what has been looked at.
 */
export class RemoteEntries {
  readonly #made = new WeakMap<Entry, Entry>()

  of(entry: Entry): Entry {
    const known = this.#made.get(entry)
    if (known) return known
    const made = toRemote(entry)
    this.#made.set(entry, made)
    return made
  }
}

/** One that cannot cross goes with the hub's own fields alone. */
const toRemote = ([address, data]: Entry): Entry => {
  const { key, state, hubBirth, hubUpdated, disconnect } = data
  try {
    const copy: ConnectionData = JSON.parse(JSON.stringify(data))
    // The one function: for callers in this process.
    if (disconnect) copy.disconnect = disconnect
    return [address, copy]
  } catch {
    return [address, { key, state, hubBirth, hubUpdated }]
  }
}
