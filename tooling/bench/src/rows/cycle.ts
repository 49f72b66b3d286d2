import { LONG_WARM_UP, measure } from '../clock.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { ORIGINAL, SBOT_HUBS } from '../subjects/sbot-hubs.js'
import { costOfCycle } from './cost-of-cycle.js'
import { forEach } from './for-each.js'

export const cycle: Row = {
  id: 'cycle',
  subjects: forEach(SBOT_HUBS, (stage) => async (size) => {
    const open = await stage()
    // Warm with few peers, so that whoever grows is not slow already here.
    await measure(() => costOfCycle(open, 200), { warmUp: LONG_WARM_UP, measure: 0 })
    const perPeer = await measure(() => costOfCycle(open, size(4_000, 400)), {
      warmUp: 0,
      measure: 800,
    })
    return { perPeer }
  }),
  figures: (rounds, size) => {
    const work = `drop-in, connect and disconnect, ${grouped(size(4_000, 400))} peers`
    const of = (name: string) => valuesOf(rounds, name, 'perPeer')
    const values = ratios(of(ORIGINAL), of(OURS))
    return [{ work, against: ORIGINAL, unit: 'faster', values, reach: { atLeast: 100 } }]
  },
}
