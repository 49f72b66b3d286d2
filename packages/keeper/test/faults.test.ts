import { readFile } from 'node:fs/promises'
import { createMemoryNetwork } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import { simulate } from '@conn-hub/simulation'
import { faultsOf } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { watchLiveness } from '../src/liveness/index.js'
import { watched } from './liveness/setup.js'
import { keepingPeer, onePerKey, refusing } from './scenarios/worlds.js'
import { A, connected, pass, setup, waitOf } from './setup.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The faults of the table. */
const rows = [...faultsOf(readme).keys()]

const MINUTE = 60_000

/** A fault that is over after so long: how often is it dialed, and how soon is it connected then? */
const playOutage = async (
  duration: number,
  transport: Parameters<typeof keepingPeer>[1]['transport'],
) => {
  const seen = { dials: 0, backAfter: 0, errors: new Set<unknown>() }
  await simulate({ seed: 3, duration: duration + 5 * MINUTE }, async (world) => {
    world.peer('server')
    const client = keepingPeer(world, { keep: ['mem:server'], transport })
    const [kept] = client.kept
    client.keeper.on('change', ({ lastError }) => {
      const { cause, code } = (lastError ?? {}) as { cause?: { code?: string }; code?: string }
      seen.errors.add(cause?.code ?? code)
    })
    await world.wait(duration)
    seen.dials = client.dials.length
    await world.eventually(() => kept?.state === 'connected', 2 * MINUTE)
    seen.backAfter = world.now - duration
  })
  return seen
}

/** A server that refuses by a code for an hour. */
const refusedForAnHour = async (code: string) => {
  const begun = { at: 0 }
  const { dials, backAfter, errors } = await playOutage(60 * MINUTE, (inner) => {
    begun.at = Date.now()
    return refusing(code, () => Date.now() < begun.at + 60 * MINUTE)(inner)
  })
  expect(errors.has(code)).toBe(true)
  expect(dials).toBeLessThanOrEqual(300)
  expect(dials).toBeGreaterThan(150)
  expect(backAfter).toBeLessThanOrEqual(30_200)
}

/** Each fault, played; what is expected stands in the other cell. */
const stories: Record<string, () => unknown> = {
  'a link falls silent': () =>
    simulate({ seed: 1, duration: 5 * MINUTE }, async (world) => {
      const server = world.peer('server')
      const client = keepingPeer(world, {
        keep: [server.address],
        liveness: { onSilent: 'disconnect' },
      })
      const [kept] = client.kept
      await world.wait(MINUTE)
      const heal = world.network.silence('client', server)
      await world.eventually(() => client.ends.length > 0, 55_000)
      expect(client.ends).toEqual(['mem:server local, unresponsive'])
      await world.wait(20_000)
      heal()
      await world.eventually(() => kept?.state === 'connected', 61_000)
    }),
  'a network that flaps, 4 s each way, for ten minutes': () =>
    simulate({ seed: 1, duration: 12 * MINUTE }, async (world) => {
      const server = world.peer('server')
      const client = keepingPeer(world, { keep: [server.address] })
      for (let at = 1_000; at < 10 * MINUTE; at += 8_000) {
        world.at(at, () => {
          world.network.reset('client', server)
          world.at(at + 4_000, world.network.partition(['client'], [server]))
        })
      }
      await world.wait(10 * MINUTE)
      expect(client.dials.length).toBeLessThanOrEqual(60)
      expect(client.dials.length).toBeGreaterThan(10)
      await world.eventually(() => client.kept[0]?.state === 'connected', 35_000)
    }),
  'a server that accepts and drops at once, for ten minutes': () =>
    simulate({ seed: 1, duration: 12 * MINUTE }, async (world) => {
      const server = world.peer('server', ({ transport }) => {
        const hub = createHub({ transport })
        hub.on('session', ({ address }) => hub.disconnect(address, { reason: 'no' }))
        return hub
      })
      const client = keepingPeer(world, { keep: [server.address] })
      await world.wait(10 * MINUTE)
      expect(client.dials.length).toBeLessThanOrEqual(60)
      expect(client.dials.length).toBeGreaterThan(20)
      expect(new Set(client.ends)).toEqual(new Set(['mem:server remote, no']))
    }),
  'a token is refused for an hour': () => refusedForAnHour('UNAUTHORIZED'),
  'a server says `try-later` for an hour': () => refusedForAnHour('TRY_LATER'),
  'two keepers on one hub': () =>
    simulate({ seed: 1, duration: 5 * MINUTE }, async (world) => {
      const server = world.peer('server')
      const kept: unknown[] = []
      const client = keepingPeer(world, {
        keep: [server.address],
        more: (hub) => kept.push(createKeeper(hub).keep(server.address)),
      })
      await world.wait(2 * MINUTE)
      expect(kept[0]).toMatchObject({ state: 'connected' })
      expect([client.dials.length, client.peer.hub.get(server.address)?.sessions.length]).toEqual([
        1, 1,
      ])
      server.crash()
      await world.wait(MINUTE)
      server.restart()
      await world.eventually(() => client.kept[0]?.state === 'connected', 31_000)
      expect(client.peer.hub.get(server.address)?.sessions).toHaveLength(1)
    }),
  'the hub is closed in the middle': async () => {
    // A world ends with TIMER_LEFT where a timer is left, and with PEER_FAILED where anything is thrown.
    for (let seed = 0; seed < 20; seed++) {
      await simulate({ seed, duration: MINUTE, quiet: 1_000 }, async (world) => {
        const server = world.peer('server')
        const liveness = { silence: 1_000, timeout: 500, onSilent: 'disconnect' } as const
        const client = keepingPeer(world, { keep: [server.address, 'mem:nobody'], liveness })
        world.at(world.random.int(0, 100), () => server.crash({ silent: true }))
        await world.wait(world.random.int(1, 20_000))
        await client.peer.hub.close()
        expect(client.kept.map(({ state }) => state)).toEqual(['released', 'released'])
      })
    }
  },
  'a laptop sleeps for an hour': () =>
    simulate({ seed: 1, duration: 90 * MINUTE }, async (world) => {
      const servers = ['s0', 's1', 's2', 's3'].map((name) => world.peer(name))
      const client = keepingPeer(world, {
        keep: servers.map(({ address }) => address),
        liveness: { onSilent: 'disconnect' },
      })
      await world.wait(MINUTE)
      client.peer.sleep(60 * MINUTE)
      await world.wait(MINUTE)
      for (const dead of servers.slice(0, 2)) dead.crash({ silent: true })
      await world.wait(59 * MINUTE - 1)
      expect(client.ends).toEqual([])
      const wokeAt = Date.now()
      await world.wait(30_000)
      expect([...client.ends].sort()).toEqual([
        'mem:s0 local, unresponsive',
        'mem:s1 local, unresponsive',
      ])
      for (const alive of servers.slice(2)) {
        const [session] = client.peer.hub.get(alive.address)?.sessions ?? []
        expect(session?.traffic?.().heardAt).toBeGreaterThanOrEqual(wokeAt)
      }
      for (const dead of servers.slice(0, 2)) dead.restart()
      await world.eventually(
        () => client.kept.every(({ state }) => state === 'connected'),
        // A dial that nobody has answered has its deadline.
        35_000,
      )
    }),
  'messages come up to 3 s late, and every tenth 8 s late, for ten minutes': async () => {
    for (const isTalking of [false, true]) {
      let packets = 0
      const chance = (n: number) => ((n * 7_919) % 3_001) / 3_001
      const latency = () => (++packets % 10 === 0 ? 8_000 : chance(packets) * 3_000)
      const network = createMemoryNetwork({ latency })
      const [anna, ben] = ['anna', 'ben'].map((name) =>
        createHub({ transport: network.endpoint(name) }),
      ) as [ReturnType<typeof createHub>, ReturnType<typeof createHub>]
      const ended = vi.fn()
      for (const hub of [anna, ben]) {
        watchLiveness(hub as never, { onSilent: 'disconnect' })
        hub.on('disconnected', ended)
      }
      const connecting = anna.connect('mem:ben') as Promise<{ send(text: string): void }>
      await pass(20_000)
      const link = await connecting
      const talking = isTalking ? setInterval(() => link.send('hello'), 7_000) : undefined
      await pass(10 * MINUTE)
      clearInterval(talking)
      expect(packets).toBeGreaterThan(40)
      expect(ended).not.toHaveBeenCalled()
      await Promise.all([anna.close(), pass(60_000), ben.close()])
    }
  },
  'both ends keep, and one of them closes duplicates': async () => {
    for (let seed = 0; seed < 10; seed++) {
      await simulate({ seed, duration: 12 * MINUTE }, async (world) => {
        // As behind a NAT: who dials is known under another address than where it is dialed.
        const elsewhere: NonNullable<Parameters<typeof keepingPeer>[1]['transport']> = (inner) => ({
          ...(inner.self === undefined ? {} : { self: inner.self }),
          describe: (address) => inner.describe(address.replace(/^in:/, 'mem:')),
          dial: (address, attempt) => inner.dial(address, attempt),
          listen: (accept, side) =>
            inner.listen?.(
              ({ address, session }) =>
                accept({ address: address.replace('mem:', 'in:'), session }),
              side,
            ) ?? (() => {}),
        })
        const ends = ['anna', 'ben'].map((name, n) =>
          keepingPeer(world, {
            name,
            keep: [n === 0 ? 'mem:ben' : 'mem:anna'],
            transport: elsewhere,
            more: (hub) => onePerKey(hub, name),
          }),
        )
        await world.wait(MINUTE)
        const before = ends.map(({ dials }) => dials.length)
        await world.wait(10 * MINUTE)
        expect(ends.map(({ kept }) => kept[0]?.state)).toEqual(['connected', 'connected'])
        expect(ends.map(({ peer }) => peer.hub.snapshot().length)).toEqual([1, 1])
        expect(ends.map(({ dials }) => dials.length)).toEqual(before)
        expect(ends.flatMap(({ ends }) => ends).length).toBeLessThanOrEqual(4)
      })
    }
  },
  'the other side says `duplicate`, and has no other link': async () => {
    const { kept, session } = await connected()
    session.end(undefined, 'duplicate')
    expect(waitOf(kept)).toBe(5_000)
  },
  'the other side says `disconnect`, or any other word of ours': async () => {
    for (const word of ['disconnect', 'hub-closed', 'reset', 'unresponsive', 'limit']) {
      const { kept, session } = await connected({ pausedBy: [word] })
      session.end(undefined, word)
      expect([kept.state, kept.nextAt !== undefined]).toEqual(['waiting', true])
    }
  },
  'a dial that never answers': async () => {
    const { keeper } = setup()
    const kept = keeper.keep(A)
    await pass(30_000)
    expect([kept.attempts, kept.state]).toEqual([1, 'waiting'])
  },
  'a session opens, and proves no key': async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep({ key: 'anna', addresses: ['fault:anonymous'] })
    await pass(0)
    transport.lastDial.succeed({ key: undefined })
    await pass(0)
    expect(kept).toMatchObject({ state: 'waiting', lastError: { code: 'KEY_NOT_PROVED' } })
  },
  'the clock is set back by an hour': async () => {
    const { keeper, transport } = setup({ random: Math.random })
    keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    vi.setSystemTime(Date.now() - 60 * MINUTE)
    await pass(7_000)
    expect(transport.dials).toHaveLength(2)
  },
  'timers that fire a minute late, always': async () => {
    const { keeper, transport } = setup()
    keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    for (let fired = 0; fired < 3; fired++) {
      await pass(0)
      vi.setSystemTime(Date.now() + MINUTE)
      vi.advanceTimersToNextTimer()
    }
    expect(transport.dials).toHaveLength(2)
  },
  'a listener throws': async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { keeper, changes } = setup()
    keeper.on('change', () => {
      throw new Error('a fault of the app')
    })
    keeper.keep(A)
    await pass(0)
    expect(changes).toEqual([`${A} waiting`, `${A} connecting`])
    expect(print.mock.calls.join()).toContain('a fault of the app')
    print.mockRestore()
  },
  '`probe()` throws, or `traffic()` gives nonsense': async () => {
    const { session, told, onError } = watched()
    session.answer = 'throws'
    session.heard = Number.NaN
    await pass(50_000)
    expect([told, onError.mock.calls]).toEqual([[`${A} silent`], []])
  },
  'the process stands still while an answer lies unread': async () => {
    const { session, told } = watched({ misses: 1, onSilent: 'disconnect' })
    session.answer = 'never'
    await pass(39_000)
    vi.setSystemTime(Date.now() + 5_000)
    await pass(2_000)
    expect([told, session.askedAt.length]).toEqual([[], 2])
  },
}

describe('the faults of the README', () => {
  it('are all played', () => {
    expect(Object.keys(stories)).toEqual(rows)
    expect(rows.length).toBeGreaterThan(15)
  })

  const isWorld = (name: string) => /simulate|playOutage|refusedFor/.test(String(stories[name]))

  describe.each(rows.filter((name) => !isWorld(name)))('%s', (name) => {
    beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
    afterEach(() => void vi.useRealTimers())
    it('comes out as expected', async () => void (await stories[name]?.()))
  })

  describe.each(rows.filter(isWorld))('%s', (name) => {
    it('comes out as expected', async () => void (await stories[name]?.()))
  })
})
