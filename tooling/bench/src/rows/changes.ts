import { changes, liveEntries } from '@conn-hub/async-iterator'
import { createHub, type Hub } from '@conn-hub/core'
import { flat, newKeys } from '../addresses.js'
import { measure, timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { type Link, memoryTransport, toMemoryAddress } from '../subjects/memory-transport.js'

type Read = (hub: Hub<Link>) => AsyncIterator<unknown>

/** In ns: one entry changes, and a reader that keeps up hears of it. */
const costOfChange = async (read: Read, entries: number): Promise<number> => {
  const hub = createHub({ transport: memoryTransport })
  const addresses = newKeys(entries).map((key) => flat(toMemoryAddress(key)))
  for (const address of addresses) await hub.connect(address)
  const reader = read(hub)
  await reader.next()
  // The same number of them change however many there are: what is compared is not the cache of the processor.
  const some = addresses.filter((_, i) => i % (entries / FEW) === 0)
  let i = 0
  const cost = await measure(async () => {
    const whole = await timeOf(async () => {
      for (let n = 0; n < AT_ONCE; n++) {
        const next = reader.next()
        hub.update(some[i++ % FEW] as string, { i })
        const { value } = await next
        if (!value) throw new Error('the reader heard nothing')
      }
    })
    return whole / AT_ONCE
  })
  await reader.return?.()
  await hub.close()
  return cost
}

const FEW = 100
/** Many, because the first ones find the cache of the processor as the garbage collector left it. */
const AT_ONCE = 5_000

export const changesRow: Row = {
  id: 'changes',
  subjects: {
    [OURS]: async (size) => ({
      changesFew: await costOfChange(changes, FEW),
      entriesFew: await costOfChange(liveEntries, FEW),
      changesMany: await costOfChange(changes, size(10_000, 1_000)),
      entriesMany: await costOfChange(liveEntries, size(10_000, 1_000)),
    }),
  },
  figures: (rounds, size) => {
    const many = size(10_000, 1_000)
    const of = (name: string) => valuesOf(rounds, OURS, name)
    return [
      {
        work: `a change read by changes(), ${grouped(many)} entries`,
        against: `${FEW} entries`,
        unit: 'times',
        values: ratios(of('changesMany'), of('changesFew')),
        reach: { atMost: 1.3 },
      },
      {
        work: `a change read by liveEntries(), ${grouped(many)} entries`,
        against: `${FEW} entries`,
        unit: 'times',
        values: ratios(of('entriesMany'), of('entriesFew')),
      },
      {
        work: `a change read by changes(), ${grouped(many)} entries`,
        against: 'liveEntries()',
        unit: 'faster',
        values: ratios(of('entriesMany'), of('changesMany')),
      },
    ]
  },
}
