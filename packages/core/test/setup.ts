import { createHub, type Hub, type HubOptions } from '@conn-hub/core'
import { createFaultTransport, type FaultSession, record } from '@conn-hub/testkit'
import { vi } from 'vitest'

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

/** Lets promises run that wait for nothing but each other. */
export const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** A signal that counts who listens to it. */
export const trackedSignal = () => {
  const controller = new AbortController()
  const { signal } = controller
  const held = new Set<unknown>()
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (type: string, listener: never, ...rest: never[]) => {
    held.add(listener)
    addEventListener.call(signal, type, listener, ...rest)
  }
  signal.removeEventListener = (type: string, listener: never, ...rest: never[]) => {
    held.delete(listener)
    removeEventListener.call(signal, type, listener, ...rest)
  }
  return { signal, held, abort: (reason?: unknown) => controller.abort(reason) }
}

/** What changed, for a reader that comes when it likes. */
export const track = <S>(hub: Hub<S>) => {
  const view = hub.view('changes')
  view.start(() => {})
  return view
}
