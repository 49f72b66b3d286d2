import { createHub } from '@conn-hub/core'
import { flat, newKeys } from '../addresses.js'
import { measure, timeOf } from '../clock.js'
import { OURS, type Row, valuesOf } from '../row.js'
import { memoryTransport, toMemoryAddress } from '../subjects/memory-transport.js'

/** One of a thousand entries gets new metadata; the figure is there to be held against another build's. */
export const update: Row = {
  id: 'update',
  subjects: {
    [OURS]: async (size) => {
      const hub = createHub({ transport: memoryTransport })
      const addresses = newKeys(1_000).map((key) => flat(toMemoryAddress(key)))
      for (const address of addresses) await hub.connect(address)
      const rounds = size(100, 5)
      const ns = await measure(() =>
        timeOf(() => {
          for (let round = 0; round < rounds; round++) {
            for (const address of addresses) hub.update(address, { seen: round })
          }
        }),
      )
      return { update: ns / (rounds * addresses.length) }
    },
  },
  figures: (rounds) => [
    {
      work: 'update of an entry, in a second',
      against: 'the clock',
      unit: 'per second',
      values: valuesOf(rounds, OURS, 'update').map((ns) => 1e9 / ns),
    },
  ],
}
