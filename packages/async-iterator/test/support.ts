import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { vi } from 'vitest'

/** A hub, `open(name)` to let the peer at `fault:NAME` connect, and how many subscriptions of the hub are alive. */
export const setup = () => {
  const transport = createFaultTransport()
  const onError = vi.fn()
  const { hub, subscriptions } = countSubscriptions(createHub({ transport, onError }))
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return { hub, onError, open, transport, subscriptions }
}

/** The result of a promise that is settled already; `waits` where it is not. */
export const settled = async <T>(promise: Promise<T>): Promise<T | 'waits'> => {
  let result: T | 'waits' = 'waits'
  promise.then((value) => {
    result = value
  })
  await new Promise((resolve) => setImmediate(resolve))
  return result
}
