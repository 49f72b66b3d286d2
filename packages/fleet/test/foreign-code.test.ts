import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { turns, until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { describe, expect, it, vi } from 'vitest'
import { Calls } from '../src/edges/calls.js'
import { Listeners } from '../src/edges/listeners.js'
import { engineOn } from '../src/engines/memory.js'
import { createMemory } from '../src/engines/memory-data.js'
import { FleetError, memoryEngine, redisEngine } from '../src/index.js'
import { engineWith } from './counted.js'
import { machinesOfTest, untilEqual, viewOf } from './fixture.js'

const { ends, machine } = machinesOfTest()

describe('an engine of which one function fails for good', () => {
  it.each(['changes', 'publish', 'read', 'renew'] as const)(
    'is told of once, and asked at a slower pace: %s',
    async (name) => {
      const fails = async () => {
        throw new Error('NOPERM this user has no permissions')
      }
      vi.useFakeTimers()
      const { engine, counts } = engineWith({ [name]: fails })
      const [one, other] = [machine(engine), machine(engine)]
      one.add('a')
      await vi.advanceTimersByTimeAsync(10_000)
      expect([one.codes, other.codes]).toEqual([['LOGIN_REFUSED'], ['LOGIN_REFUSED']])
      // The two renew three times a second each where all is well, and once more for each new attempt.
      expect(counts.renew).toBeLessThan(150)
    },
  )

  it('is told of again where it was well in between', async () => {
    const good = memoryEngine()
    let isBroken = true
    const { engine } = engineWith({
      changes: async (request) => {
        if (isBroken) throw new Error('NOPERM')
        return good.changes(request)
      },
    })
    const one = machine(engine)
    await until(() => one.codes.length === 1, 'it is told')
    isBroken = false
    await one.fleet.ready
    isBroken = true
    await until(() => one.codes.length === 2, 'it is told again')
    expect(one.codes).toEqual(['LOGIN_REFUSED', 'LOGIN_REFUSED'])
  })
})

describe('an engine that answers nonsense', () => {
  const NONSENSE = [undefined, 7, {}, []]
  it.each(['renew', 'changes', 'publish', 'read'] as const)(
    'is told with a code, and the fleet goes on: %s',
    async (name) => {
      const good = memoryEngine()
      let said = 0
      const { engine } = engineWith({
        ...good,
        [name]: async (...args: never[]) =>
          said < NONSENSE.length
            ? NONSENSE[said++]
            : (good[name] as (...args: never[]) => unknown)(...args),
      })
      const one = machine(engine)
      const other = machine(good)
      one.add('a')
      other.add('b')
      await untilEqual([one, other])
      for (const code of one.codes) expect(code).toMatch(/^[A-Z_]+$/)
    },
  )

  it('may never wait, and holds up nobody', async () => {
    const good = memoryEngine()
    let asked = 0
    const { engine } = engineWith({
      changes: (request) => {
        if (++asked > 10_000) throw new Error('asked without end')
        return good.changes({ ...request, wait: 0 })
      },
    })
    const one = machine(engine, { poll: 'block' })
    await one.fleet.ready
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 1))
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(asked - before).toBeLessThan(10)
    expect(one.codes).toEqual([])
  })

  it('is isolated for as long as its lease is none', async () => {
    const { engine } = engineWith({ renew: async () => ({}) as never })
    const one = machine(engine)
    await until(() => one.codes.length > 0, 'it is told')
    expect([one.codes, one.states]).toEqual([['ENGINE_FAILED'], []])
  })

  it('knows no lease without an end, and no name without one', async () => {
    const good = memoryEngine()
    const { engine } = engineWith({
      renew: async (...args) => {
        const renewal = await good.renew(...args)
        const leases = [
          ...renewal.leases,
          ['ghost/1', Number.NaN],
          ['x'.repeat(1_000_000), renewal.now + 1_000],
          'foreign',
        ]
        return { ...renewal, leases: leases as never }
      },
    })
    const one = machine(engine)
    const messages: string[] = []
    one.fleet.on('error', ({ message }) => messages.push(message))
    await one.fleet.ready
    expect((await one.fleet.machines()).map((each) => each.machine)).toEqual([one.fleet.machine])
    for (const message of messages) expect(message.length).toBeLessThan(1_000)
  })
})

describe('publish()', () => {
  it('may change the hub, and what it changes is published', async () => {
    const engine = memoryEngine()
    const other = machine(engine)
    const one = machine(engine, {
      publish: ({ key }: { key?: string }) => {
        if (key === 'b') one.remove('toy:a')
        return undefined
      },
    })
    await one.fleet.ready
    one.add('a')
    one.add('b')
    await untilEqual([one, other])
    expect(viewOf(other)).toEqual([`${one.fleet.machine} b`])
  })

  it('may leave the fleet, or close the hub', async () => {
    for (const end of ['leave', 'close'] as const) {
      const one = machine(memoryEngine(), {
        publish: () => void (end === 'leave' ? one.fleet.leave() : one.hub.close()),
      })
      await one.fleet.ready
      one.add('a')
      await until(() => one.fleet.state === 'isolated', 'it has left')
      await expect(one.fleet.find('a')).rejects.toMatchObject({ code: 'FLEET_LEFT' })
    }
  })
})

describe('what is told', () => {
  const begin = () => {
    const listeners = new Listeners()
    const told: string[] = []
    listeners.on('error', ({ message }) => told.push(message))
    const tell = (from: number, to: number) => {
      for (let i = from; i < to; i++)
        listeners.tell(new FleetError('FOREIGN_DATA', `${i}`), `m/${i}`)
    }
    return { listeners, told, tell }
  }

  it('leaves room for others where one kind has a thousand subjects', () => {
    const { listeners, told, tell } = begin()
    tell(0, 5_000)
    expect(told.length).toBe(1_000)
    listeners.tell(new FleetError('ENGINE_SLOW', 'slow'))
    expect(told.at(-1)).toBe('slow')
  })

  it('is told of the next life after any number of them, and once of each', () => {
    vi.useFakeTimers()
    const { told, tell } = begin()
    for (let day = 0; day < 50; day++) {
      tell(day * 100, day * 100 + 100)
      tell(day * 100, day * 100 + 100)
      vi.advanceTimersByTime(86_400_000)
    }
    expect(told).toEqual(Array.from({ length: 5_000 }, (_, i) => `${i}`))
  })

  it('is no flood where a crowd comes again and again', () => {
    vi.useFakeTimers()
    const { told, tell } = begin()
    for (let minute = 0; minute < 30; minute++) {
      tell(0, 2_000)
      vi.advanceTimersByTime(60_000)
    }
    expect(told.length).toBeLessThanOrEqual(3_000)
  })
})

describe('an engine that has lost calls, which never settle', () => {
  it('is asked again after a while, and the machine comes back', async () => {
    vi.useFakeTimers()
    let isLosing = true
    const good = memoryEngine()
    const { engine } = engineWith({
      renew: (...args) => (isLosing ? new Promise(() => {}) : good.renew(...args)),
    })
    const one = machine(engine)
    await vi.advanceTimersByTimeAsync(300_000)
    isLosing = false
    await vi.advanceTimersByTimeAsync(600_000)
    expect(one.fleet.state).toBe('joined')
  })

  it('is given hardly more of them', async () => {
    vi.useFakeTimers()
    const calls = new Calls({ renew: () => new Promise(() => {}) } as never)
    let asked = 0
    for (let second = 0; second < 36_000; second++) {
      const lose = () => {
        asked++
        return new Promise(() => {})
      }
      calls.call(lose).catch(() => {})
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(asked).toBeLessThan(32 + 80)
  })
})

describe('a listener', () => {
  it('that another one has taken away is not called any more', () => {
    const listeners = new Listeners()
    const second = vi.fn()
    listeners.on('state', () => stop())
    const stop = listeners.on('state', second)
    listeners.emit('state', { state: 'joined', since: 0 })
    expect(second).not.toHaveBeenCalled()
  })
})

describe('find()', () => {
  it.each([true, false])(
    'asks nobody for a key that is not published, as it is too long or no text: follow %s',
    async (follow) => {
      const { engine, counts } = engineWith({})
      const one = machine(engine, { follow })
      await one.fleet.ready
      expect(await one.fleet.find('x'.repeat(1_000_000))).toEqual([])
      // As bytes it would be another one.
      expect(await one.fleet.find('a\ud83d')).toEqual([])
      expect(counts.find).toBe(undefined)
    },
  )
})

describe('memoryEngine()', () => {
  it('forgets what a machine has published that came to no end', async () => {
    vi.useFakeTimers()
    const data = createMemory(0)
    const engine = engineOn({ data })
    const batch = { number: 1, record: '{}', first: true, set: ['ka', '[0,1]'], remove: [] }
    for (let i = 0; i < 10; i++) {
      await engine.renew(`dead/${i}`, 500)
      await engine.publish({ ...batch, incarnation: `dead/${i}` }, 1_500)
    }
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(200)
      await engine.renew('alive/1', 500)
    }
    expect([data.leases.size, data.hashes.size]).toEqual([1, 0])
  })
})

describe('a client that does not come to a connection', () => {
  it('is listened to once, however many wait for it', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    ends.add(server, () => new Promise((resolve) => server.close(resolve)))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = new Redis(port, '127.0.0.1', { enableOfflineQueue: false })
    ends.add(client, () => client.disconnect())
    client.on('error', () => {})
    const engine = redisEngine(client)
    const before = client.listenerCount('ready')
    const finds = Array.from({ length: 20 }, () => engine.find('ka').catch(() => {}))
    await turns()
    expect(client.listenerCount('ready') - before).toBe(1)
    client.disconnect()
    await Promise.all(finds)
    expect(client.listenerCount('ready')).toBe(before)
  })
})
