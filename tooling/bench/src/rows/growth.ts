import { newKeys, toSsbAddress } from '../addresses.js'
import { LONG_WARM_UP, measure, timeOf } from '../clock.js'
import { type Figure, grouped, OURS, type Row, ratios, type Sample, valuesOf } from '../row.js'
import { ORIGINAL, original, ours, type Stage } from '../subjects/sbot-hubs.js'
import { costOfCycle } from './cost-of-cycle.js'

const FEW = 1_000
/** At 100,000 peers 1.2.1 would take hours. */
const ENOUGH = 10_000
const MANY = 100_000

const among =
  (stage: Stage, most: number): Sample =>
  async (size) => {
    const open = await stage()
    await measure(() => costOfCycle(open, 200), { warmUp: LONG_WARM_UP, measure: 0 })
    const costs: Record<string, number> = {}
    for (const full of [FEW, most]) {
      const peers = size(full, full / 20)
      costs[peers] = await measure(() => costOfCycle(open, peers), { warmUp: 0, measure: 500 })
    }
    return costs
  }

/** What the machine itself asks of whoever keeps so much: objects as large as an entry, set and taken away. */
const inMap: Sample = async (size) => {
  const cost = async (peers: number) => {
    const addresses = newKeys(peers).map(toSsbAddress)
    const map = new Map<string, object>()
    const ns = await timeOf(() => {
      for (const address of addresses) map.set(address, toRecord(address))
      for (const address of addresses) if (map.get(address)) map.delete(address)
    })
    if (map.size !== 0) throw new Error('they are not all gone')
    return ns / peers
  }
  await measure(() => cost(200), { warmUp: LONG_WARM_UP, measure: 0 })
  const costs: Record<string, number> = {}
  for (const full of [FEW, MANY]) {
    const peers = size(full, full / 20)
    costs[peers] = await measure(() => cost(peers), { warmUp: 0, measure: 500 })
  }
  return costs
}

/** About 620 bytes, as an entry of the drop-in has. */
const toRecord = (address: string): object => ({
  address,
  sessions: [{ key: address, listeners: [() => address, () => address], closed: false }],
  data: { at: 1, seen: 2, tried: 3 },
  rest: Array.from({ length: 32 }, (_, i) => i),
})

const MAP = 'a bare Map'

export const growth: Row = {
  id: 'growth',
  subjects: {
    [OURS]: among(ours, MANY),
    [ORIGINAL]: among(original, ENOUGH),
    [MAP]: inMap,
  },
  figures: (rounds, size) => {
    const few = size(FEW, FEW / 20)
    const grown = (subject: string, full: number): Figure => {
      const many = size(full, full / 20)
      return {
        work: `the cost of a peer among ${grouped(many)}: ${subject}`,
        against: `itself among ${grouped(few)}`,
        unit: 'times',
        values: ratios(
          valuesOf(rounds, subject, String(many)),
          valuesOf(rounds, subject, String(few)),
        ),
      }
    }
    const [own, map] = [grown(OURS, MANY), grown(MAP, MANY)]
    const besideMap: Figure = {
      work: own.work,
      against: 'the growth of the Map',
      unit: 'times',
      values: ratios(own.values, map.values),
      reach: { atMost: 1.3 },
    }
    return [own, map, besideMap, grown(ORIGINAL, ENOUGH)]
  },
}
