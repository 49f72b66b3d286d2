import type { Address, ConnectionEvent, Refusal } from '@conn-hub/core'
import { toPlainError } from '../plain/event.js'
import { createNames, createTally, createTimes } from './tally.js'

/** What is counted from the first look on: dials and their times, failures by code, ends, refusals. */
export const createTotals = () => {
  const dialing = new Map<Address, number>()
  const failed = createTally()
  const broken = createTally()
  const refused = createTally()
  const times = createTimes()
  const ended = { local: 0, remote: 0 }
  let dials = 0
  let version = 0

  const event = (told: ConnectionEvent<unknown>): void => {
    version++
    const { type, address, at } = told
    const began = dialing.get(address)
    if (type === 'connecting') {
      dials++
      dialing.set(address, at)
      return
    }
    dialing.delete(address)
    if (type === 'connected' && began !== undefined) times.add(Math.max(0, at - began))
    if (type === 'connecting-failed') failed.add(codeOf(told.error))
    if (type !== 'disconnected') return
    ended[told.initiator]++
    if (told.error !== undefined) broken.add(codeOf(told.error))
  }

  return {
    event,
    refusal: ({ why }: Refusal): void => {
      version++
      refused.add(why)
    },
    get version() {
      return version
    },
    get dials() {
      return dials
    },
    /** The kinds of links that have been told of so far: those of each look are the same. */
    kindOf: createNames(),
    failed: failed.counts,
    broken: broken.counts,
    refused: refused.counts,
    times,
    ended: ended as Readonly<typeof ended>,
  }
}

const codeOf = (error: unknown): string => toPlainError(error).code ?? 'no code'
