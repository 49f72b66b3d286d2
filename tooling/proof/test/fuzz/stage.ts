import { createHub, type Hub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, type FaultTransport } from '@conn-hub/testkit'
import fc from 'fast-check'

export const OPEN = 'fault:open'
export const DIALING = 'fault:dialing'
export const CLOSING = 'fault:closing'

/** A hub with an entry in each state. */
export interface Stage {
  readonly hub: Hub<FaultSession>
  readonly transport: FaultTransport
  /** Two looks are equal where nothing has happened in between. */
  look(): readonly unknown[]
  /** Ends every dial and session and closes the hub; gives how many calls are pending after that. */
  end(): Promise<number>
  /** Counts a call as pending until it settles. */
  follow<T>(call: Promise<T>): Promise<T>
}

export const openStage = (): Stage => {
  const transport = createFaultTransport({ self: 'me' })
  const hub = createHub({ transport, closeTimeout: 1, onError: () => {} })
  let pending = 0
  let events = 0
  const follow = <T>(call: Promise<T>): Promise<T> => {
    pending++
    const settled = () => {
      pending--
    }
    call.then(settled, settled)
    return call
  }
  hub.on('*', () => {
    events++
  })

  follow(hub.connect(DIALING))
  transport.inbound(OPEN)
  const refusing = new FaultSession('inbound', 'closing')
  refusing.onClose = 'refuse'
  transport.inbound(CLOSING, refusing)
  follow(hub.disconnect(CLOSING)).catch(() => {})

  return {
    hub,
    transport,
    follow,
    // The snapshot is the same array until an entry changes.
    look: () => [hub.snapshot(), events, transport.dials.length],
    end: async () => {
      for (const dial of transport.dials) dial.fail()
      for (const session of transport.sessions) session.end()
      await hub.close()
      // All that promises do that wait for nothing but each other is done by then.
      await new Promise(setImmediate)
      return pending
    },
  }
}

/** How a call ended: `taken`, or the code of its error. An error without a code is thrown. */
export const outcomeOf = async (call: () => unknown): Promise<string> => {
  try {
    await call()
    return 'taken'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

/** Any value at all, of every type. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.constantFrom<unknown>(undefined, null, '', 0, -1, Number.NaN, Symbol('a'), () => {}),
)

/** Options by name: each is left out, right, or anything. */
export const optionsOf = (right: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      Object.entries(right).map(([name, value]) => [
        name,
        fc.oneof({ weight: 3, arbitrary: value }, anything),
      ]),
    ),
    { requiredKeys: [] },
  )

/** A signal that never aborts, and one that has. */
export const signals = fc.constantFrom(new AbortController().signal, AbortSignal.abort())
