import { createHub, type Hub, type HubOptions } from '@conn-hub/core'
import {
  createFaultTransport,
  type FaultSession,
  type FaultTransport,
  record,
  turns,
} from '@conn-hub/testkit'
import { vi } from 'vitest'
import { type Clock, compose, type Policy } from '../src/index.js'

export const A = 'fault:a'
export const B = 'fault:b'
export const C = 'fault:c'

export interface ManualClock extends Clock {
  /** Lets so many ms pass, timer by timer. */
  pass(ms: number): void
  /** Timers that have not run. */
  readonly size: number
}

/** Time that passes when the test says so. */
export const createClock = (start = 1_000): ManualClock => {
  const timers = new Map<number, { at: number; run: () => void }>()
  let [now, last] = [start, 0]
  return {
    now: () => now,
    setTimeout: (run, ms) => {
      timers.set(++last, { at: now + ms, run })
      return last
    },
    clearTimeout: (timer) => timers.delete(timer as number),
    pass: (ms) => {
      const end = now + ms
      for (;;) {
        const [next] = [...timers]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at)
        if (!next) break
        const [number, { at, run }] = next
        timers.delete(number)
        now = Math.max(now, at)
        run()
      }
      now = end
    },
    get size() {
      return timers.size
    },
  }
}

type Options = Omit<HubOptions<FaultSession>, 'transport'> & { readonly self?: string }

/** A hub over the fault transport, with policies between. */
export const setup = (policies: readonly Policy[], { self, ...options }: Options = {}) => {
  const transport = createFaultTransport({ self })
  const onError = vi.fn()
  const hub = createHub({ transport: compose(transport, ...policies), onError, ...options })
  const refused: string[] = []
  hub.on('refused', ({ by, why, direction, address }) => {
    refused.push(`${by} ${direction} ${address}: ${why}`)
  })
  return { transport, onError, hub, recording: record(hub), refused }
}

export type World = ReturnType<typeof setup>

/** What became of a promise: its value, the code of its error and of that's cause, or `pending`. */
export const outcomeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  let outcome: unknown = 'pending'
  promise.then(
    (value) => {
      outcome = value
    },
    (error) => {
      const cause = (error.cause as { code?: string } | undefined)?.code
      outcome = cause ? `${error.code}: ${cause}` : (error.code ?? error)
    },
  )
  await turns()
  return outcome
}

/** Begins to connect, and is told of no failure. */
export const dial = (hub: Hub<FaultSession>, ...addresses: string[]): void => {
  for (const address of addresses) hub.connect(address).catch(() => {})
}

/** The addresses that the transport was asked to dial. */
export const dialed = ({ dials }: FaultTransport): string[] => dials.map(({ address }) => address)

export const dialOf = ({ dials }: FaultTransport, address: string) => {
  const found = [...dials].reverse().find((each) => each.address === address)
  if (!found) throw new Error(`${address} was not dialed`)
  return found
}
