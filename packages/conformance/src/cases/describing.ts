import type { Description } from '@conn-hub/core'
import { assert, needs } from '../failure.js'
import type { Check, Trial } from '../trial.js'

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

  'describe() says the same each time': (trial) => {
    saysTheSame(read(trial), read(trial))
  },

  'describe() says the same once a link was open': async (trial) => {
    const before = read(trial)
    trial.listen()
    const { ours, theirs } = await trial.open()
    saysTheSame(before, read(trial))
    await trial.close(ours, theirs)
    saysTheSame(before, read(trial))
  },

  'describe() throws where it can read no address': (trial) => {
    const { noAddress } = trial.subject
    needs(noAddress !== undefined, 'it reads every string')
    let thrown = false
    try {
      trial.here.transport.describe(noAddress)
    } catch {
      thrown = true
    }
    assert(thrown, 'describe() throws where there is no address to read')
  },
}

const read = <S>({ here, there }: Trial<S>): Description => here.transport.describe(there.address)

const saysTheSame = (first: Description, second: Description): void => {
  const same = first.key === second.key && first.kind === second.kind
  assert(same, 'describe() reads the address alone, and says the same of it each time')
}
