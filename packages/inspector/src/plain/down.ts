import type { Down } from '../kept/down.js'
import type { PlainDown } from '../protocol.js'
import type { LabelOf } from './label.js'
import { MAX, Truncator } from './truncator.js'

/** A peer that is down, without anything that is long. */
export const toPlainDown = (down: Down, labelOf: LabelOf): PlainDown => {
  const truncator = new Truncator()
  const { of, since, lastAt, tries, isTrying, reason, error } = down
  return {
    address: truncator.text(of.address, MAX.address),
    key: truncator.optional(of.key, MAX.key),
    kind: truncator.optional(of.kind, MAX.key),
    label: labelOf(of),
    since,
    lastAt,
    tries,
    isTrying,
    reason,
    error,
  }
}
