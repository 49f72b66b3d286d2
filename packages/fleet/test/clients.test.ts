import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { createClient, createCluster, RESP_TYPES } from 'redis'
import { afterEach, describe, expect, it } from 'vitest'
import { redisEngine } from '../src/index.js'
import { Ends, machineAt, machineOn, untilEqual } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

const FAST = { lease: 1_000, poll: 30, batch: 5 } as const

const ends = new Ends()
afterEach(() => ends.all())

describe('clients', () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'none'
  }

  it('refuses those in cluster mode by name', () => {
    const io = ends.add(
      new Redis.Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true }),
      (one) => one.disconnect(),
    )
    const node = createCluster({ rootNodes: [{ url: 'redis://127.0.0.1:1' }] })
    expect(codeOf(() => redisEngine(io as never))).toBe('CLIENT_IS_CLUSTER')
    expect(codeOf(() => redisEngine(node as never))).toBe('CLIENT_IS_CLUSTER')
  })

  it('refuses those that queue for ever, and says what to set', () => {
    const io = ends.add(new Redis({ lazyConnect: true }), (one) => one.disconnect())
    expect(() => redisEngine(io)).toThrow('enableOfflineQueue: false')
    expect(() => redisEngine(createClient())).toThrow('disableOfflineQueue: true')
    expect(codeOf(() => redisEngine(io))).toBe('CLIENT_QUEUES')
    expect(codeOf(() => redisEngine(createClient()))).toBe('CLIENT_QUEUES')
  })

  it('refuses what is no client, and names of fleets that are none', () => {
    for (const client of [undefined, null, 'redis://', {}, { multi() {} }, new Map()])
      expect(codeOf(() => redisEngine(client as never))).toBe('CLIENT_UNKNOWN')
    const good = createClient({ disableOfflineQueue: true })
    expect(codeOf(() => redisEngine(good, { name: '{a}' }))).toBe('INVALID_OPTION')
    expect(codeOf(() => redisEngine(good, { nam: 'a' } as never))).toBe('INVALID_OPTION')
  })
})

describe.skipIf(!hasRedis)('clients that are set otherwise', () => {
  const begin = async () => {
    const server = ends.add(await startRedis(), (one) => one.end())
    const plain = ends.add(await machineAt(server.port, 'redis', FAST), (one) => one.end())
    plain.add('ben')
    await plain.fleet.ready
    return { server, plain }
  }

  it('may put something before each key', async () => {
    const { server } = await begin()
    const join = () => {
      const options = { enableOfflineQueue: false, keyPrefix: 'app:' }
      const client = ends.add(new Redis(server.url, options), (one) => one.disconnect())
      const machine = ends.add(machineOn(redisEngine(client), FAST), (one) => one.end())
      machine.add(machine.fleet.machine)
      return machine
    }
    const one = join()
    await one.fleet.ready
    const two = join()
    await untilEqual([one, two])
    for (const { codes } of [one, two]) expect(codes).not.toContain('ENGINE_FAILED')
  })

  it('may give bytes for texts', async () => {
    const { server, plain } = await begin()
    const client = createClient({
      url: server.url,
      disableOfflineQueue: true,
      commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    })
    ends.add(client, (one) => one.destroy())
    await client.connect()
    const other = ends.add(machineOn(redisEngine(client as never), FAST), (one) => one.end())
    other.add('anna')
    await untilEqual([plain, other])
    plain.add('carla')
    await untilEqual([plain, other])
    expect(other.codes).toEqual([])
  })

  it.each(['ioredis', 'redis'] as const)(
    'may give up for good, and be connected again by the app: %s',
    async (kind) => {
      const { server, plain } = await begin()
      const { client, connect } = givingUp(kind, server.url)
      await connect()
      const block = { ...FAST, poll: 'block' } as const
      const other = ends.add(machineOn(redisEngine(client), block), (one) => one.end())
      await untilWaiting(server)
      await server.kill()
      await until(() => isOver(client), 'the client has given up')
      await server.start()
      await connect()
      await untilEqual([plain, other])
      await until(() => other.codes.includes('ENGINE_LOST_DATA'), 'it has seen what was lost')
      plain.add('carla')
      await untilEqual([plain, other])
      await untilWaiting(server)
    },
  )

  it('opens another connection where the one that waits never answers', async () => {
    const { server, plain } = await begin()
    const client = ends.add(new Redis(server.url, { enableOfflineQueue: false }), (one) =>
      one.disconnect(),
    )
    client.on('error', () => {})
    let opened = 0
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (options) => {
      const other = duplicate(options)
      if (++opened > 1) return other
      // As a client that lost its place in a crash of Redis: it is ready, and answers nothing.
      const pipeline = other.pipeline.bind(other)
      other.pipeline = ((commands: unknown[][]) => {
        const made = pipeline(commands as never)
        made.exec = () => new Promise(() => {})
        return made
      }) as never
      return other
    }
    const block = { ...FAST, poll: 'block' } as const
    const other = ends.add(machineOn(redisEngine(client), block), (one) => one.end())
    await until(() => opened === 2, 'another connection is opened')
    await untilWaiting(server)
    plain.add('carla')
    await untilEqual([plain, other])
  })

  const untilWaiting = async ({ url }: { url: string }) => {
    const admin = ends.add(new Redis(url), (one) => one.disconnect())
    admin.on('error', () => {})
    const isWaiting = async () => /blocked_clients:1/.test(await admin.info('clients'))
    await until(isWaiting, 'somebody waits for changes')
    admin.disconnect()
  }

  const givingUp = (kind: 'ioredis' | 'redis', url: string) => {
    if (kind === 'ioredis') {
      const retryStrategy = (times: number) => (times > 2 ? null : 10)
      const options = { enableOfflineQueue: false, lazyConnect: true, retryStrategy }
      const client = ends.add(new Redis(url, options), (one) => one.disconnect())
      client.on('error', () => {})
      return { client, connect: () => client.connect() }
    }
    const reconnectStrategy = (times: number) => (times > 2 ? (false as const) : 10)
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy } })
    ends.add(client, (one) => one.destroy())
    client.on('error', () => {})
    return { client, connect: () => client.connect() }
  }

  const isOver = (client: { readonly status: string } | { readonly isOpen: boolean }) =>
    'status' in client ? client.status === 'end' : !client.isOpen
})
