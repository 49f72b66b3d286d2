import type { Connection, Metadata } from '@conn-hub/core'
import type { Kind, Rpc } from '@conn-hub/secret-stack'
import { invalidData } from './errors.js'
import type { Address, ConnectionData } from './types.js'

type Disconnect = (address: Address, callback?: (error?: unknown) => void) => void

/** The fields that belong to the hub: others cannot set them. */
const OWN_FIELDS = ['state', 'hubBirth', 'hubUpdated', 'disconnect']

/** Entries as ssb-conn-hub shows them. Each is made when somebody looks, once for each change. */
export class EntryView<R extends Rpc> {
  readonly #views = new WeakMap<Connection<R>, [Address, ConnectionData]>()
  readonly #disconnect: Disconnect

  constructor(disconnect: Disconnect) {
    this.#disconnect = disconnect
  }

  of(connection: Connection<R>): [Address, ConnectionData] {
    const known = this.#views.get(connection)
    if (known) return known
    const view: [Address, ConnectionData] = [connection.address, this.#toData(connection)]
    this.#views.set(connection, view)
    return view
  }

  #toData(connection: Connection<R>): ConnectionData {
    const { address, state, kind, data, createdAt, updatedAt, sessions } = connection
    const view: ConnectionData = { ...data, state, hubBirth: createdAt, hubUpdated: updatedAt }
    const key = keyOf(connection)
    if (key !== undefined) view.key = key
    if (!data.type && kind) view.inferredType = kind as Kind
    if (sessions.length > 0) view.disconnect = (callback) => this.#disconnect(address, callback)
    return view
  }
}

/** `data.key` is there only where it came before any other. */
export const keyOf = ({ key, data }: Connection<unknown>): string | undefined =>
  typeof data.key === 'string' ? data.key : key

/** What a caller may set: a copy, so that the argument stays as it was. */
export const toMetadata = (data: object, keyIsKnown: boolean): Metadata => {
  const metadata = copyOf(data)
  for (const field of OWN_FIELDS) delete metadata[field]
  if (keyIsKnown) delete metadata.key
  return metadata
}

const copyOf = (data: unknown): Record<string, unknown> => {
  if (typeof data !== 'object' || data === null) throw invalidData()
  try {
    return { ...data }
  } catch (cause) {
    throw invalidData(cause)
  }
}
