import { createHub, type Hub, type HubOptions } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createFaultTransport, type FaultSession, record, turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, expect, vi } from 'vitest'

export const A = 'fault:a'
export const B = 'fault:b'

type Options = Omit<HubOptions<FaultSession>, 'transport'> & { self?: string }

/** A hub over the fault transport, and all that a test looks at. */
export const setup = ({ self, ...options }: Options = {}) => {
  const transport = createFaultTransport({ self })
  const onError = vi.fn()
  const hub = createHub({ transport, onError, ...options })
  return { transport, onError, hub, recording: record(hub) }
}

/** What became of a promise: its value, the code of its error, or `pending`. */
export const outcomeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  let outcome: unknown = 'pending'
  promise.then(
    (value) => {
      outcome = value
    },
    (error) => {
      outcome = error.code ?? error
    },
  )
  await turns()
  return outcome
}

/** What changed, for a reader that comes when it likes. */
export const track = <S>(hub: Hub<S>) => {
  const view = createView(hub, 'changes')
  view.start(() => {})
  return view
}

/** After each test of this file, no promise has rejected that nobody handles. */
export const expectNoUnhandledRejection = (): void => {
  const unhandled = vi.fn()
  beforeEach(() => {
    unhandled.mockClear()
    process.on('unhandledRejection', unhandled)
  })
  afterEach(async () => {
    // Node tells of unhandled rejections when the microtasks are done.
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
}
