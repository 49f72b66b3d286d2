import type { Refusal } from '@conn-hub/core'
import { MAX, Truncator } from '../plain/truncator.js'
import type { PlainRefusal } from '../protocol.js'

/** The newest of what was refused. */
export const REFUSALS = 200

/** Remembers what was turned away last, each with a number that counts from 1. */
export const createRefusals = (clock: () => number) => {
  const list: PlainRefusal[] = []
  let last = 0
  return {
    get last() {
      return last
    },
    add: ({ by, why, direction, address, key, kind }: Refusal): void => {
      const truncator = new Truncator()
      list.push({
        number: ++last,
        at: clock(),
        by: truncator.text(by, MAX.name),
        why: truncator.text(why, MAX.name),
        direction,
        address: truncator.optional(address, MAX.text),
        key: truncator.optional(key, MAX.key),
        kind: truncator.optional(kind, MAX.name),
      })
      if (list.length > REFUSALS) list.shift()
    },
    /** Those after a number, oldest first. */
    after: (number: number): PlainRefusal[] => list.filter((one) => one.number > number),
  }
}
