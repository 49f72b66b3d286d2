import { timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, type Sample, type Size, valuesOf } from '../row.js'
import { median } from '../statistics.js'
import { DIALERS, HYPERSWARM, LIBP2P, type OpenDialer } from '../subjects/dialers.js'
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

const toSizes = (size: Size) => ({
  few: size(500, 100),
  some: size(2_000, 200),
  many: size(8_000, 400),
})

const measureRates =
  (open: OpenDialer, most: number): Sample =>
  async (size) => {
    const start = performance.now()
    while (performance.now() - start < WARM_UP) await rateAt(open, 100)
    const rates: Record<string, number> = {}
    for (const [name, peers] of Object.entries(toSizes(size))) {
      if (peers <= most) rates[name] = await measureRate(open, peers)
    }
    return rates
  }

/** It looks at each peer whenever one comes or goes: 8,000 would take it ten minutes. */
const MOST_OF_HYPERSWARM = 2_000

export const dial: Row = {
  id: 'dial',
  subjects: forEach(DIALERS, (open) =>
    measureRates(open, open === DIALERS[HYPERSWARM] ? MOST_OF_HYPERSWARM : Infinity),
  ),
  figures: (rounds, size) => {
    const { few, some, many } = toSizes(size)
    const workAmong = (peers: number) => `core dial and close in memory, ${grouped(peers)} peers`
    const work = workAmong(many)
    const of = (name: string, measure: string) => valuesOf(rounds, name, measure)
    const grown = (name: string, measure: 'some' | 'many') => ({
      work: `the cost of a dial and close among ${grouped(measure === 'some' ? some : many)}: ${name}`,
      against: `itself among ${few}`,
      unit: 'times' as const,
      values: ratios(of(name, 'few'), of(name, measure)),
    })
    return [
      {
        work,
        against: 'the clock',
        unit: 'per second',
        values: of(OURS, 'many'),
        reach: { atLeast: 100_000 },
      },
      {
        work,
        against: LIBP2P,
        unit: 'faster',
        values: ratios(of(OURS, 'many'), of(LIBP2P, 'many')),
      },
      {
        work: workAmong(some),
        against: HYPERSWARM,
        unit: 'faster',
        values: ratios(of(OURS, 'some'), of(HYPERSWARM, 'some')),
      },
      { ...grown(OURS, 'many'), reach: { atMost: 1.3 } },
      grown(LIBP2P, 'many'),
      grown(HYPERSWARM, 'some'),
    ]
  },
}
