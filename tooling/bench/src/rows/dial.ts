import { timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, type Sample, type Size, valuesOf } from '../row.js'
import { median } from '../statistics.js'
import type { OpenDialer } from '../subjects/dialer.js'
import { DIALERS, LIBP2P } from '../subjects/dialers.js'
import { forEach } from './for-each.js'

const NS_PER_SECOND = 1e9
/** So many at once, which is what js-libp2p allows by itself. */
const AT_ONCE = 100

const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>) => {
  for (let i = 0; i < items.length; i += AT_ONCE) {
    await Promise.all(items.slice(i, i + AT_ONCE).map(work))
  }
}

/** Dials and closes in a second, where all are dialed first, and closed then. */
const rateAt = async (open: OpenDialer, number: number): Promise<number> => {
  const dialer = await open()
  const peers = await dialer.prepare(number)
  const ns = await timeOf(async () => {
    await inBatches(peers, (peer) => dialer.dial(peer))
    if (dialer.open() !== number) throw new Error('they are not all connected')
    await inBatches(peers, (peer) => dialer.close(peer))
  })
  if (dialer.open() !== 0) throw new Error('they are not all closed')
  await dialer.end()
  return (number * NS_PER_SECOND) / ns
}

/** In ms; who is fast is measured several times. */
const LEAST = 500
const WARM_UP = 1_000

const measureRate = async (open: OpenDialer, number: number): Promise<number> => {
  const rates: number[] = []
  const start = performance.now()
  while (rates.length === 0 || performance.now() - start < LEAST) {
    rates.push(await rateAt(open, number))
  }
  return median(rates)
}

const toSizes = (size: Size) => ({ few: size(500, 100), many: size(8_000, 400) })

const measureRates =
  (open: OpenDialer): Sample =>
  async (size) => {
    const start = performance.now()
    while (performance.now() - start < WARM_UP) await rateAt(open, 100)
    const { few, many } = toSizes(size)
    return { few: await measureRate(open, few), many: await measureRate(open, many) }
  }

export const dial: Row = {
  id: 'dial',
  subjects: forEach(DIALERS, measureRates),
  figures: (rounds, size) => {
    const { few, many } = toSizes(size)
    const work = `core dial and close in memory, ${grouped(many)} peers`
    const of = (name: string, measure: 'few' | 'many') => valuesOf(rounds, name, measure)
    const grown = (name: string) => ({
      work: `the cost of a dial and close among ${grouped(many)}: ${name}`,
      against: `itself among ${few}`,
      unit: 'times' as const,
      values: ratios(of(name, 'few'), of(name, 'many')),
    })
    const ours = of(OURS, 'many')
    return [
      { work, against: 'the clock', unit: 'per second', values: ours, reach: { atLeast: 100_000 } },
      { work, against: LIBP2P, unit: 'faster', values: ratios(ours, of(LIBP2P, 'many')) },
      { ...grown(OURS), reach: { atMost: 1.3 } },
      grown(LIBP2P),
    ]
  },
}
