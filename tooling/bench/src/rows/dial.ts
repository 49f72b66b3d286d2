import { createHub } from '@conn-hub/core'
import { flat, newKeys } from '../addresses.js'
import { timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, type Sample, type Size, valuesOf } from '../row.js'
import { median } from '../statistics.js'
import { memoryTransport, toMemoryAddress } from '../subjects/memory-transport.js'

const NS_PER_SECOND = 1e9
/** So many at once. */
const AT_ONCE = 100

const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>) => {
  for (let i = 0; i < items.length; i += AT_ONCE) {
    await Promise.all(items.slice(i, i + AT_ONCE).map(work))
  }
}

/** Dials and closes in a second, where all are dialed first, and closed then. */
const rateAt = async (number: number): Promise<number> => {
  const hub = createHub({ transport: memoryTransport })
  const addresses = newKeys(number).map((key) => flat(toMemoryAddress(key)))
  const ns = await timeOf(async () => {
    await inBatches(addresses, (address) => hub.connect(address))
    if (hub.size !== number) throw new Error('they are not all connected')
    await inBatches(addresses, (address) => hub.disconnect(address))
  })
  if (hub.size !== 0) throw new Error('they are not all closed')
  await hub.close()
  return (number * NS_PER_SECOND) / ns
}

/** In ms; who is fast is measured several times. */
const LEAST = 500
const WARM_UP = 1_000

const measureRate = async (number: number): Promise<number> => {
  const rates: number[] = []
  const start = performance.now()
  while (rates.length === 0 || performance.now() - start < LEAST) rates.push(await rateAt(number))
  return median(rates)
}

const toSizes = (size: Size) => ({ few: size(500, 100), many: size(8_000, 400) })

const measureRates: Sample = async (size) => {
  const start = performance.now()
  while (performance.now() - start < WARM_UP) await rateAt(100)
  const { few, many } = toSizes(size)
  return { few: await measureRate(few), many: await measureRate(many) }
}

export const dial: Row = {
  id: 'dial',
  subjects: { [OURS]: measureRates },
  figures: (rounds, size) => {
    const { few, many } = toSizes(size)
    const values = valuesOf(rounds, OURS, 'many')
    return [
      {
        work: `core dial and close in memory, ${grouped(many)} peers`,
        against: 'the clock',
        unit: 'per second',
        values,
        reach: { atLeast: 100_000 },
      },
      {
        work: `the cost of a dial and close among ${grouped(many)}: ${OURS}`,
        against: `itself among ${few}`,
        unit: 'times',
        values: ratios(valuesOf(rounds, OURS, 'few'), values),
        reach: { atMost: 1.3 },
      },
    ]
  },
}
