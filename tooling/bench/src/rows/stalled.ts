import { newKeys } from '../addresses.js'
import { growthBy } from '../heap.js'
import { grouped, OURS, type Row, valuesOf } from '../row.js'
import { ORIGINAL, PZP, SBOT_HUBS, type SbotHub, type Scene } from '../subjects/sbot-hubs.js'
import { forEach } from './for-each.js'

const MEGABYTE = 1_000_000

/** Reads once, and never again. */
const stall = (hub: SbotHub): unknown => {
  const source = hub.liveEntries()
  source(null, () => {})
  return source
}

const nobody = (): unknown => undefined

/** In bytes, what so many connects leave in memory. */
const growthByConnects = (
  open: () => Scene,
  peers: number,
  attach: (hub: SbotHub) => unknown,
): Promise<number> => {
  const { hub, ssb, toAddress } = open()
  const reader = attach(hub)
  const addresses = newKeys(peers).map(toAddress)
  return growthBy(async () => {
    for (const address of addresses) await hub.connect(address)
    return { hub, ssb, reader, addresses }
  })
}

export const stalled: Row = {
  id: 'stalled',
  subjects: forEach(SBOT_HUBS, (stage) => async (size) => {
    const open = await stage()
    // What the engine learns stays in memory too: let it learn first.
    for (const attach of [stall, nobody]) await growthByConnects(open, 400, attach)
    const peers = size(4_000, 400)
    const alone = await growthByConnects(open, peers, nobody)
    const stalled = await growthByConnects(open, peers, stall)
    return { bytes: stalled - alone }
  }),
  figures: (rounds, size) =>
    [OURS, ORIGINAL, PZP].map((subject) => ({
      work: `${grouped(size(4_000, 400))} connects with a stalled reader of liveEntries(): ${subject}`,
      against: 'itself without the reader',
      unit: 'bytes' as const,
      values: valuesOf(rounds, subject, 'bytes'),
      ...(subject === OURS ? { reach: { atMost: MEGABYTE } } : undefined),
    })),
}
