import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { watchLiveness } from '../../src/liveness/index.js'
import { A, fakeTime, pass, switchedNetwork } from '../setup.js'
import { LivingSession, watched } from './setup.js'

fakeTime()

const now = () => Date.now()

describe('a link that is silent', () => {
  it('is asked after 30 s, twice, and reported: nothing is closed', async () => {
    const { session, told, hub, liveness } = watched()
    session.answer = 'never'
    await pass(49_999)
    expect([session.askedAt, told]).toEqual([[30_000, 40_000], []])
    await pass(1)
    expect(told).toEqual([`${A} silent`])
    expect([...liveness.entries()]).toMatchObject([{ address: A, session, state: 'silent' }])
    expect(hub.getState(A)).toBe('connected')
    expect(session.signals.every(({ aborted }) => aborted)).toBe(true)
  })

  it('is closed where that is wanted, at 50 s, with the reason unresponsive', async () => {
    const { session, hub } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    const ends: unknown[] = []
    hub.on('disconnected', ({ reason, initiator }) => ends.push(reason, initiator))
    await pass(49_999)
    expect(ends).toEqual([])
    await pass(1)
    expect(ends).toEqual(['unresponsive', 'local'])
  })

  it('that stays open, for it can not be closed, is closed again and again', async () => {
    const { session, hub } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    session.onClose = 'throw'
    await pass(50_000)
    expect([session.closeCalls, hub.getState(A)]).toEqual([1, 'connected'])
    await pass(30_000)
    expect(session.closeCalls).toBe(2)
  })

  it('and is heard again is told, soon', async () => {
    const { session, told } = watched()
    session.answer = 'never'
    await pass(50_000)
    session.answer = 'at once'
    await pass(10_000)
    expect(told).toEqual([`${A} silent`, `${A} alive`])
  })

  it('has its own patience', async () => {
    const { session, told } = watched({ silence: 1_000, timeout: 100, misses: 3 })
    session.answer = 'never'
    await pass(1_299)
    expect([session.askedAt, told]).toEqual([[1_000, 1_100, 1_200], []])
    await pass(1)
    expect(told).toEqual([`${A} silent`])
  })

  it.each(['rejects', 'throws'] as const)(
    'whose probe %s has given no sign of life',
    async (answer) => {
      const { session, told, onError } = watched()
      session.answer = answer
      await pass(50_000)
      expect([told, onError.mock.calls]).toEqual([[`${A} silent`], []])
    },
  )
})

describe('a sign of life', () => {
  it('is an answer', async () => {
    const { session, told } = watched()
    session.answer = { after: 9_000 }
    await pass(300_000)
    expect(told).toEqual([])
    expect(session.askedAt.slice(0, 3)).toEqual([30_000, 69_000, 108_000])
  })

  it('is any byte: where something comes, nothing is asked', async () => {
    const { session } = watched()
    session.answer = 'never'
    for (let second = 0; second < 300; second += 10) {
      session.heard = now()
      await pass(10_000)
    }
    expect(session.askedAt).toEqual([])
  })

  it('is a byte that comes while it is asked', async () => {
    const { session, told } = watched({ misses: 1 })
    session.answer = 'never'
    await pass(35_000)
    session.heard = now()
    await pass(5_000)
    expect([session.askedAt, told]).toEqual([[30_000], []])
    await pass(25_000)
    expect(session.askedAt).toEqual([30_000, 65_000])
  })

  it('is an answer to the first question that comes after the second', async () => {
    const { session, told } = watched()
    session.answer = 'never'
    await pass(41_000)
    session.heard = now()
    await pass(49_999)
    expect([told, session.askedAt]).toEqual([[], [30_000, 40_000, 71_000, 81_000]])
  })

  it.each([Number.NaN, 'now', new Error('traffic() threw'), -1, undefined])(
    'is not %o',
    async (heard) => {
      const { session, told } = watched()
      session.answer = 'never'
      session.heard = heard
      await pass(50_000)
      expect(told).toEqual([`${A} silent`])
    },
  )
})

describe('a link that can not be asked', () => {
  it('is unknown, and never closed', async () => {
    const { hub, told, liveness } = watched(
      { onSilent: 'disconnect' },
      new FaultSession('inbound', 'a'),
    )
    await pass(3_600_000)
    expect([hub.getState(A), told, vi.getTimerCount()]).toEqual(['connected', [], 1])
    expect([...liveness.entries()]).toMatchObject([{ state: 'unknown' }])
    expect(liveness.explain(A)).toEqual([{ by: 'liveness', text: 'the link is unknown' }])
    expect(await liveness.probe({ address: A })).toBe('unknown')
  })
})

describe('many links', () => {
  it('that opened together are not asked together, and none later than after 30 s', async () => {
    const { transport, liveness } = watched({ random: Math.random })
    const sessions = Array.from({ length: 1_000 }, (_, n) => {
      const session = new LivingSession('inbound', `${n}`)
      transport.inbound(`fault:${n}`, session)
      return session
    })
    expect([...liveness.entries()]).toHaveLength(1_001)
    await pass(30_000)
    const seconds = new Map<number, number>()
    for (const { askedAt } of sessions) {
      const second = Math.floor((askedAt[0] ?? 0) / 1_000)
      seconds.set(second, (seconds.get(second) ?? 0) + 1)
    }
    expect(Math.min(...seconds.keys())).toBeGreaterThanOrEqual(22)
    expect(Math.max(...seconds.values())).toBeLessThan(200)
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('after a sleep, and on a change of network', () => {
  const many = (options = {}) => {
    const world = watched({ random: Math.random, onSilent: 'disconnect', ...options })
    const sessions = Array.from({ length: 100 }, (_, n) => {
      const session = new LivingSession('inbound', `${n}`)
      world.transport.inbound(`fault:${n}`, session)
      return session
    })
    return { ...world, sessions }
  }

  it.each([1, 2])('all are asked at once, and judged after %d deadlines', async (misses) => {
    const { sessions, hub } = many({ misses })
    await pass(5_000)
    vi.setSystemTime(now() + 3_600_000)
    sessions.forEach((session, n) => {
      session.answer = n % 2 ? 'never' : 'at once'
    })
    // The watch sees the sleep within 5 s.
    await pass(5_000)
    await pass(2_000)
    expect(sessions.every(({ askedAt }) => askedAt.length === 1)).toBe(true)
    await pass((misses - 1) * 10_000)
    expect(hub.size).toBe(101)
    await pass(8_000)
    expect(hub.size).toBe(51)
  })

  it('a clock that was set back makes no dead link live: what it has said before is no sign', async () => {
    const { session, hub, liveness } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    session.heard = now()
    await pass(1_000)
    vi.setSystemTime(now() - 3_600_000)
    const result = liveness.probe({ address: 'fault:a', within: 1_000 })
    await pass(1_000)
    expect(await result).toBe('silent')
    await pass(120_000)
    expect(hub.size).toBe(0)
  })

  it('and a byte that comes after that is one, as by any other clock', async () => {
    const { session, told } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    session.heard = now()
    await pass(1_000)
    vi.setSystemTime(now() - 3_600_000)
    for (let i = 0; i < 40; i++) {
      session.heard = now() - 1_800_000
      await pass(5_000)
    }
    expect(told).toEqual([])
  })

  it('what had been asked before says nothing', async () => {
    const { session, told } = watched({ misses: 1 })
    session.answer = 'never'
    await pass(35_000)
    vi.setSystemTime(now() + 3_600_000)
    session.answer = 'at once'
    await pass(60_000)
    expect(told).toEqual([])
  })

  it('that is told by the network, at once', async () => {
    const online = switchedNetwork()
    const { sessions, hub } = many({ online })
    online.set(false)
    for (const session of sessions) session.answer = 'never'
    await pass(600_000)
    expect([hub.size, sessions.every(({ askedAt }) => askedAt.length === 0)]).toEqual([101, true])
    for (const session of sessions) session.answer = 'at once'
    online.set(true)
    await pass(2_000)
    expect([hub.size, sessions.every(({ askedAt }) => askedAt.length === 1)]).toEqual([101, true])
  })

  it('a deadline that is seen too late says nothing', async () => {
    const { session, told } = watched({ misses: 1 })
    session.answer = 'never'
    await pass(39_999)
    vi.setSystemTime(now() + 2_000)
    await pass(1)
    expect([told, session.askedAt.length]).toEqual([[], 2])
  })
})

describe('probe()', () => {
  it('says what the first answer says, and takes note of it', async () => {
    const { session, liveness } = watched()
    session.answer = 'never'
    await pass(35_000)
    session.answer = { after: 100 }
    const result = liveness.probe({ address: A })
    await pass(100)
    expect(await result).toBe('alive')
    await pass(29_000)
    expect(session.askedAt).toHaveLength(2)
  })

  it('is silent after its own deadline, and closes nothing', async () => {
    const { session, liveness, hub } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    const result = liveness.probe({ key: 'a', within: 500 })
    await pass(500)
    expect([await result, hub.size, session.signals[0]?.aborted]).toEqual(['silent', 1, true])
    expect(vi.getTimerCount()).toBe(1)
  })

  it('counts what comes meanwhile', async () => {
    const { session, liveness } = watched()
    session.answer = 'never'
    const result = liveness.probe({ key: 'a', within: 500 })
    await pass(100)
    session.heard = now()
    await pass(400)
    expect(await result).toBe('alive')
  })

  it('is closed where there is nobody', async () => {
    const { liveness } = watched()
    expect(await liveness.probe({ key: 'nobody' })).toBe('closed')
    expect(await liveness.probe({ address: 'fault:nobody' })).toBe('closed')
  })

  it('asks the links alone that have proved the key', async () => {
    const { hub, transport, liveness, session } = watched()
    session.answer = 'never'
    hub.connect('fault:anonymous', { key: 'a' })
    const named = new LivingSession('outbound', undefined)
    transport.lastDial.succeed(named)
    expect(hub.byKey('a')).toHaveLength(2)
    const result = liveness.probe({ key: 'a', within: 500 })
    await pass(500)
    expect([await result, named.askedAt]).toEqual(['silent', []])
  })

  it.each(['rejects', 'throws'] as const)(
    'that %s while the link is open is silent',
    async (answer) => {
      const { session, liveness } = watched()
      session.answer = answer
      expect(await liveness.probe({ address: A })).toBe('silent')
    },
  )

  it('asks all links at once, and stops with the first answer', async () => {
    const { session, transport, liveness } = watched()
    const other = new LivingSession('inbound', 'a')
    transport.inbound('fault:anonymous', other)
    session.answer = 'never'
    expect(await liveness.probe({ key: 'a' })).toBe('alive')
    expect(session.signals[0]?.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('the end of the watch', () => {
  it('takes away every listener, timer and question', async () => {
    const online = switchedNetwork()
    const transport = createFaultTransport()
    const counted = countSubscriptions(createHub({ transport }))
    const session = new LivingSession('inbound')
    transport.inbound(A, session)
    const liveness = watchLiveness(counted.hub, { online })
    session.answer = 'never'
    await pass(35_000)
    expect([counted.subscriptions(), online.listeners.size]).toEqual([3, 1])
    liveness.close()
    liveness.close()
    expect([counted.subscriptions(), online.listeners.size, vi.getTimerCount()]).toEqual([0, 0, 0])
    expect([session.signals[0]?.aborted, [...liveness.entries()]]).toEqual([true, []])
    expect(() => liveness.on('change', () => {})).toThrow(
      expect.objectContaining({ code: 'WATCH_OVER' }),
    )
  })

  it('comes with the end of the hub', async () => {
    const { hub, liveness, onError } = watched()
    await hub.close()
    await pass(60_000)
    expect([vi.getTimerCount(), [...liveness.entries()], onError.mock.calls]).toEqual([0, [], []])
  })

  it('may come inside its own listener', async () => {
    const { session, liveness, hub } = watched({ onSilent: 'disconnect' })
    session.answer = 'never'
    liveness.on('change', () => liveness.close())
    await pass(600_000)
    expect([hub.getState(A), vi.getTimerCount()]).toEqual(['connected', 0])
  })

  it('a link that closes while it is asked leaves nothing', async () => {
    const { session, liveness } = watched()
    session.answer = 'never'
    await pass(35_000)
    session.end()
    expect([[...liveness.entries()], vi.getTimerCount(), session.signals[0]?.aborted]).toEqual([
      [],
      0,
      true,
    ])
  })
})
