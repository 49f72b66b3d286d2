import type { Kept } from '../journal.js'
import { toPlainDown } from '../plain/down.js'
import type { LabelOf } from '../plain/label.js'
import { toPlainTotals } from '../plain/totals.js'
import type { Messages } from '../protocol.js'
import { PART } from './messages.js'

/** What goes on beside entries and events, for one reader: what is new to it, and no more at once than one part. */
export const createAside = (
  kept: Kept,
  labelOf: LabelOf,
): (() => Messages['aside'] | undefined) => {
  const sent = { down: -1, gone: -1, refused: 0, totals: -1, trafficAt: 0 }

  const nextDown = (): Messages['aside']['down'] => {
    const { down } = kept
    if (sent.down === down.version) return undefined
    const isNew = sent.down === -1
    const { set, gone, all } = down.since(sent.down)
    const part: ReturnType<typeof toPlainDown>[] = []
    let weight = 0
    let until = down.version
    for (const peer of set) {
      if (weight > PART) {
        until = (part.length > 0 ? set[part.length - 1]?.version : undefined) ?? until
        break
      }
      const plain = toPlainDown(peer, labelOf)
      part.push(plain)
      weight += JSON.stringify(plain).length
    }
    sent.down = until
    return { set: part, gone: isNew ? [] : gone, all: isNew || all }
  }

  return () => {
    const { refusals, totals, traffic } = kept
    const told: { -readonly [K in keyof Messages['aside']]: Messages['aside'][K] } = {}
    const down = nextDown()
    if (down) told.down = down
    if (sent.refused < refusals.last) told.refused = refusals.after(sent.refused)
    sent.refused = refusals.last
    if (sent.totals !== totals.version) told.totals = toPlainTotals(kept)
    sent.totals = totals.version
    const sum = traffic.now()
    if (sum && sum.at !== sent.trafficAt) {
      told.traffic = sum
      sent.trafficAt = sum.at
    }
    return Object.keys(told).length > 0 ? told : undefined
  }
}
