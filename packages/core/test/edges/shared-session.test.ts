import { FaultSession, turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from '../setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A transport may hand over one link for two addresses, as an sbot does whose `connect` reuses what is open. */
const shared = (
  onClose: FaultSession['onClose'],
  onDestroy: FaultSession['onDestroy'] = 'none',
) => {
  const world = setup()
  const session = new FaultSession('inbound')
  session.onClose = onClose
  session.onDestroy = onDestroy
  for (const address of [A, B]) world.transport.inbound(address, session)
  expect(world.hub.size).toBe(2)
  const disconnectBoth = () => [A, B].map((address) => world.hub.disconnect(address))
  return { ...world, session, disconnectBoth }
}

const outcomesOf = (calls: Promise<unknown>[]) => Promise.all(calls.map(outcomeOf))

describe('4: one session in two entries', () => {
  it('both disconnects settle, and both entries leave by what was asked', async () => {
    const { hub, recording, disconnectBoth } = shared('later')
    recording.lines()
    expect(await outcomesOf(disconnectBoth())).toEqual([true, true])
    expect(hub.size).toBe(0)
    const ends = recording.events.filter(({ type }) => type === 'disconnected')
    expect(ends).toMatchObject([
      { address: A, initiator: 'local', reason: 'disconnect' },
      { address: B, initiator: 'local', reason: 'disconnect' },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a reset() settles', async () => {
    const { hub } = shared('later')
    expect(await outcomeOf(hub.reset())).toBeUndefined()
    expect(hub.size).toBe(0)
  })

  it.each(['refuse', 'reject', 'throw'] as const)(
    'both disconnects reject where close() does %s, and no entry hangs',
    async (onClose) => {
      const { hub, disconnectBoth } = shared(onClose)
      const both = disconnectBoth()
      for (const call of both) call.catch(() => {})
      await turns()
      vi.advanceTimersByTime(5_000)
      const code = onClose === 'refuse' ? 'CLOSE_TIMEOUT' : 'CLOSE_FAILED'
      expect(await outcomesOf(both)).toEqual([code, code])
      expect(hub.snapshot().map(({ state }) => state)).toEqual(['connected', 'connected'])
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('it is destroyed once, and both disconnects resolve', async () => {
    const { hub, session, disconnectBoth } = shared('refuse', 'nothing')
    const both = disconnectBoth()
    vi.advanceTimersByTime(5_000)
    expect(await outcomesOf(both)).toEqual([true, true])
    expect([hub.size, session.destroyCalls]).toEqual([0, 1])
  })

  it('the entry that was not asked goes on where close() fails, and a connect() to it gets the session', async () => {
    const { hub, session } = shared('refuse')
    const disconnecting = hub.disconnect(A)
    expect(await outcomeOf(hub.connect(B))).toBe(session)
    vi.advanceTimersByTime(5_000)
    expect(await outcomeOf(disconnecting)).toBe('CLOSE_TIMEOUT')
  })

  it('close() of the hub resolves, be a disconnect under way or not', async () => {
    const { hub } = shared('later')
    const disconnecting = outcomeOf(hub.disconnect(A))
    expect(await outcomeOf(hub.close())).toBeUndefined()
    expect(await disconnecting).toBe(true)
  })
})
