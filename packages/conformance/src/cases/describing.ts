import { assert } from '../failure.js'
import type { Check } from '../trial.js'

const isOptionalString = (value: unknown): boolean =>
  value === undefined || typeof value === 'string'

export const describing: Record<string, Check> = {
  'describe() reads an address at once': ({ here, there }) => {
    const description: unknown = here.transport.describe(there.address)
    const isObject = typeof description === 'object' && description !== null
    assert(isObject && !('then' in description), 'describe() returns an object, and no promise')
    const { key, kind } = description as { key?: unknown; kind?: unknown }
    assert(isOptionalString(key) && isOptionalString(kind), 'key and kind are strings, if any')
  },

  'describe() says the same each time': ({ here, there }) => {
    const [first, second] = [there, there].map(({ address }) => here.transport.describe(address))
    const same = first?.key === second?.key && first?.kind === second?.kind
    assert(same, 'describe() reads the address alone, and says the same of it each time')
  },

  'describe() throws where it can read no address': ({ here, subject: { noAddress } }) => {
    if (noAddress === undefined) return
    let thrown = false
    try {
      here.transport.describe(noAddress)
    } catch {
      thrown = true
    }
    assert(thrown, 'describe() throws where there is no address to read')
  },
}
