import type { Address, Change, Connection } from '@conn-hub/core'

/** Who is further behind begins anew. */
const CAPACITY = 10_000

interface Step {
  readonly address: Address
  /** Whether there was none before. */
  readonly isBorn: boolean
  readonly after: Connection<unknown> | undefined
}

/** Someone who reads the changes, as late as it likes. */
export interface ChangeReader {
  /** How many changes it knows. */
  readonly at: number
  /** What became of the entries since it came last; nothing where it is too late to say, or comes for the first time. */
  take(): { readonly set: Connection<unknown>[]; readonly gone: Address[] } | undefined
  /** The same where it knows already what it would get. */
  pass(): void
  stop(): void
}

type Reader = { at: number; isAsleep: boolean; readonly wake: () => void }

/**
 * The changes of entries that somebody has not read yet: one list for all readers, where a view for each would note every change as often as
 * there are readers.
 */
export const createChanges = () => {
  let steps: Step[] = []
  /** How many changes came before these. */
  let before = 0
  const readers = new Set<Reader>()
  let areAsleep = false

  const count = () => before + steps.length

  const wake = (): void => {
    areAsleep = false
    for (const reader of readers) {
      if (!reader.isAsleep) continue
      reader.isAsleep = false
      reader.wake()
    }
  }

  /** What all know holds entries, and with them sessions. */
  const forget = (): void => {
    let known = count()
    for (const { at } of readers) known = Math.min(known, at)
    if (known > before) drop(known - before)
  }

  const drop = (number: number): void => {
    steps = steps.slice(number)
    before += number
  }

  return {
    get count() {
      return count()
    },
    /** How many are kept for those who do not know them. */
    get waiting() {
      return steps.length
    },
    get readers() {
      return readers.size
    },
    add: ({ before: was, after }: Change<unknown>): void => {
      const { address = '' } = after ?? was ?? {}
      if (readers.size === 0) {
        before++
        return
      }
      steps.push({ address, isBorn: was === undefined, after })
      if (steps.length > CAPACITY) drop(CAPACITY / 2)
      if (areAsleep) wake()
    },
    /** Also where nothing has changed. */
    wake,
    /** `wake` is called once, with the first change that comes after it was taken. */
    read: (onWake: () => void): ChangeReader => {
      const reader: Reader = { at: -1, isAsleep: true, wake: onWake }
      readers.add(reader)
      areAsleep = true
      const pass = () => {
        reader.at = count()
        reader.isAsleep = true
        areAsleep = true
        forget()
      }
      return {
        get at() {
          return reader.at
        },
        take: () => {
          const changes = reader.at < before ? undefined : summary(steps, reader.at - before)
          pass()
          return changes
        },
        pass,
        stop: () => {
          readers.delete(reader)
          forget()
        },
      }
    },
  }
}

/**
 * The last of each address, from one step on. Who came and went is among those that are gone: a reader that began inside a delivery knows
 * already who comes.
 */
const summary = (steps: readonly Step[], from: number) => {
  const known = new Map<Address, Connection<unknown> | undefined>()
  for (let i = from; i < steps.length; i++) {
    const { address, after, isBorn } = steps[i] as Step
    // Born again: it is the newest now.
    if (isBorn) known.delete(address)
    known.set(address, after)
  }
  const set: Connection<unknown>[] = []
  const gone: Address[] = []
  for (const [address, after] of known) {
    if (after) set.push(after)
    else gone.push(address)
  }
  return { set, gone }
}
