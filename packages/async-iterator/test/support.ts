import { createHub, type Hub, type Unsubscribe } from '@conn-hub/core'
import { createFaultTransport, type FaultSession } from '@conn-hub/testkit'
import { vi } from 'vitest'

/** A hub, `open(name)` to let the peer at `fault:NAME` connect, and how many subscriptions of the hub are alive. */
export const setup = () => {
  const transport = createFaultTransport()
  const onError = vi.fn()
  const hub = createHub({ transport, onError })
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return { hub, onError, open, transport, subscriptions: countSubscriptions(hub) }
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

const countSubscriptions = (hub: Hub<FaultSession>): (() => number) => {
  const alive = new Set<() => void>()
  const count = (end: () => void): (() => void) => {
    const counted = () => {
      alive.delete(counted)
      end()
    }
    alive.add(counted)
    return counted
  }
  const on = hub.on.bind(hub)
  hub.on = (type, listener, options) => {
    const counted = count(on(type, listener, options))
    return Object.assign(counted, { [Symbol.dispose]: counted }) satisfies Unsubscribe
  }
  return () => alive.size
}
