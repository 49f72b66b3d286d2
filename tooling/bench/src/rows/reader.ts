import { newKeys } from '../addresses.js'
import { LONG_WARM_UP, measure, timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { connectBare, createStubSbot } from '../stub-sbot.js'
import { ORIGINAL, PZP, SBOT_HUBS, type Scene, type Source } from '../subjects/sbot-hubs.js'
import { forEach } from './for-each.js'

/** Reads as fast as it gets something, and counts. */
const readAll = (source: Source<readonly unknown[]>) => {
  const seen = { lists: 0, entries: 0, last: -1 }
  const read = (): void =>
    source(null, (end, list) => {
      if (end || !list) throw new Error('the source ended')
      seen.lists++
      seen.entries += list.length
      seen.last = list.length
      // A source may answer at once, each time: reading on from here would fill the stack.
      queueMicrotask(read)
    })
  read()
  return seen
}

/** In ns, all connects together. */
const costOfConnects = async (open: () => Scene, peers: number) => {
  const { hub, toAddress, toDialed } = open()
  const keys = newKeys(peers)
  const addresses = keys.map(toAddress)
  const dialed = keys.map(toDialed)
  const stub = createStubSbot()
  const alone = await timeOf(async () => {
    for (const address of dialed) await connectBare(stub, address)
  })
  const seen = readAll(hub.liveEntries())
  const whole = await timeOf(async () => {
    for (const address of addresses) await hub.connect(address)
    // What waits for the reader counts too.
    while (seen.last !== peers) await new Promise(setImmediate)
  })
  return { ns: whole - alone, seen }
}

export const reader: Row = {
  id: 'reader',
  subjects: forEach(SBOT_HUBS, (stage) => async (size) => {
    const open = await stage()
    const few = async () => (await costOfConnects(open, 100)).ns
    await measure(few, { warmUp: LONG_WARM_UP, measure: 0 })
    const results: Record<string, number> = {}
    const many = async () => {
      const { ns, seen } = await costOfConnects(open, size(4_000, 400))
      Object.assign(results, { lists: seen.lists, entries: seen.entries })
      return ns
    }
    results.ns = await measure(many, { warmUp: 0, measure: 800 })
    return results
  }),
  figures: (rounds, size) => {
    const work = `${grouped(size(4_000, 400))} connects with one reader of liveEntries() that keeps up`
    const against = (name: string, measure: string) =>
      ratios(valuesOf(rounds, name, measure), valuesOf(rounds, OURS, measure))
    return [
      {
        work,
        against: ORIGINAL,
        unit: 'faster',
        values: against(ORIGINAL, 'ns'),
        reach: { atLeast: 50 },
      },
      { work, against: PZP, unit: 'faster', values: against(PZP, 'ns') },
      {
        work: `${work}: entries handed over`,
        against: ORIGINAL,
        unit: 'smaller',
        values: against(ORIGINAL, 'entries'),
      },
    ]
  },
}
