import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { newKeys, toSsbAddress } from '../addresses.js'
import { measure, timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, type Size, valuesOf } from '../row.js'
import { createStubSbot } from '../stub-sbot.js'

const sizesOf = (size: Size) => ({ few: size(4_000, 400), many: size(40_000, 4_000) })

const ignore = () => {}

/** So many callers join one dial that never ends, and each leaves by a signal of its own. */
const leavingJoiners = async (count: number): Promise<number> => {
  const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
  const callers = Array.from({ length: count }, () => new AbortController())
  const calls = callers.map(({ signal }) => hub.connect('a', { signal }))
  const ns = await timeOf(async () => {
    for (const caller of callers) caller.abort()
    await Promise.allSettled(calls)
  })
  if (hub.size !== 0) throw new Error('the dial goes on')
  return ns
}

/** So many dials of the adapter to one key, and all are cancelled. */
const pendingDials = async (count: number): Promise<number> => {
  const ssb = Object.assign(createStubSbot(), { connect: ignore })
  const hub = createHub({ transport: toTransport(ssb as never), onError: ignore })
  const [key = ''] = newKeys(1)
  const addresses = Array.from(
    { length: count },
    (_, i) => `${toSsbAddress(key)};net:10.0.0.1:${i}`,
  )
  const ns = await timeOf(async () => {
    const calls = addresses.map((address) => hub.connect(address))
    const left = hub.reset()
    await Promise.allSettled([...calls, left])
  })
  if (hub.size !== 0) throw new Error('a dial goes on')
  return ns
}

const CROWDS = { joiners: leavingJoiners, dials: pendingDials }
const WORK = {
  joiners: (many: string) => `${many} callers that leave one dial`,
  dials: (many: string) => `${many} pending dials of the adapter to one key`,
}

export const crowds: Row = {
  id: 'crowds',
  subjects: {
    [OURS]: async (size) => {
      const costs: Record<string, number> = {}
      for (const [what, crowd] of Object.entries(CROWDS)) {
        for (const [how, count] of Object.entries(sizesOf(size))) {
          costs[`${what} ${how}`] = await measure(() => crowd(count))
        }
      }
      return costs
    },
  },
  figures: (rounds, size) => {
    const { few, many } = sizesOf(size)
    const of = (what: string, how: string) => valuesOf(rounds, OURS, `${what} ${how}`)
    return (['joiners', 'dials'] as const).map((what) => ({
      work: WORK[what](grouped(many)),
      against: grouped(few),
      unit: 'times',
      values: ratios(of(what, 'many'), of(what, 'few')),
      reach: { atMost: 13 },
    }))
  },
}
