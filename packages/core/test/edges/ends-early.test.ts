import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { A } from '../setup.js'

// Sessions that end while the hub looks at them, or waits for something else of them.

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const hanging = (): FaultSession => {
  const session = new FaultSession('outbound', 'a')
  session.onClose = 'refuse'
  session.onDestroy = 'nothing'
  return session
}

it('5 late: a session that is handed over late twice is not destroyed after it has closed', async () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  hub.connect(A).catch(() => {})
  await hub.reset()
  const session = transport.lastDial.succeed(hanging())
  transport.lastDial.succeed(session)
  session.end()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(session).toMatchObject({ closeCalls: 2, destroyCalls: 0 })
})

it('5 late: a session that is handed over late again is destroyed when its first deadline is over', async () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, closeTimeout: 1_000 })
  hub.connect(A).catch(() => {})
  await hub.reset()
  const session = transport.lastDial.succeed(hanging())
  await vi.advanceTimersByTimeAsync(600)
  transport.lastDial.succeed(session)
  await vi.advanceTimersByTimeAsync(400)
  expect(session.destroyCalls).toBe(1)
})

it('6 no ghost: a session that closes inside describe() never has an entry', () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  const session = new FaultSession('inbound', 'a')
  const { describe } = transport
  transport.describe = (address) => {
    session.end()
    return describe(address)
  }
  transport.inbound(A, session)
  expect(hub.size).toBe(0)
})
