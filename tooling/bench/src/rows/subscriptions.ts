import { newKeys } from '../addresses.js'
import { measure, timeOf } from '../clock.js'
import { growthBy } from '../heap.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { ORIGINAL, PZP, SBOT_HUBS, type SbotHub, type Scene } from '../subjects/sbot-hubs.js'
import { forEach } from './for-each.js'

/** Half of them listen to events, half to entries; each has read, as a real one would have. */
const openAndAbort = (hub: SbotHub, number: number): void => {
  for (let i = 0; i < number; i++) {
    const source = i % 2 === 0 ? hub.listen() : hub.liveEntries()
    source(null, () => {})
    source(true, () => {})
  }
}

/** In ns: one peer comes and goes. */
const costOfEvents = async ({ hub, toAddress }: Scene): Promise<number> => {
  const addresses = newKeys(5).map(toAddress)
  const whole = await timeOf(async () => {
    for (const address of addresses) {
      await hub.connect(address)
      await hub.disconnect(address)
    }
  })
  return whole / addresses.length
}

const WARM = { warmUp: 800, measure: 0 }
const PATIENCE = { warmUp: 0, measure: 800 }

export const subscriptions: Row = {
  id: 'subscriptions',
  subjects: forEach(SBOT_HUBS, (stage) => async (size) => {
    const open = await stage()
    const number = size(100_000, 2_000)
    const fresh = open()
    await measure(() => costOfEvents(fresh), WARM)
    openAndAbort(open().hub, 1_000)
    const before = await measure(() => costOfEvents(fresh), PATIENCE)
    const used = open()
    const bytes = await growthBy(() => {
      openAndAbort(used.hub, number)
      return used
    })
    const after = await measure(() => costOfEvents(used), PATIENCE)
    return { each: bytes / number, slower: after / before }
  }),
  figures: (rounds, size) => {
    const number = size(100_000, 2_000)
    const kept = (subject: string) => ({
      work: `kept of each of ${grouped(number)} subscriptions that were opened and aborted: ${subject}`,
      against: 'a fresh hub',
      unit: 'bytes' as const,
      values: valuesOf(rounds, subject, 'each'),
    })
    const slower = (subject: string) => ({
      work: `the next event after ${grouped(number)} such subscriptions: ${subject}`,
      against: 'on a fresh hub',
      unit: 'times' as const,
      values: valuesOf(rounds, subject, 'slower'),
    })
    return [
      // 100,000 of them may leave 100 kB, which is the noise of a heap.
      { ...kept(OURS), reach: { atMost: 1 } },
      kept(ORIGINAL),
      kept(PZP),
      { ...slower(OURS), reach: { atMost: 1.2 } },
      slower(ORIGINAL),
      slower(PZP),
      {
        work: `the next event after ${grouped(number)} such subscriptions`,
        against: ORIGINAL,
        unit: 'faster' as const,
        values: ratios(valuesOf(rounds, ORIGINAL, 'slower'), valuesOf(rounds, OURS, 'slower')),
      },
    ]
  },
}
