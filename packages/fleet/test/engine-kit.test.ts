import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EngineSubject, engineConformance } from '../src/conformance/index.js'
import { type Engine, memoryEngine, redisEngine } from '../src/index.js'
import { hasRedis, type RedisServer, startRedis } from './redis-server.js'

describe('the memory engine', () => {
  const setup = () => {
    const engine = memoryEngine()
    return { engines: [engine, engine] as const }
  }
  for (const { name, run } of engineConformance({ setup })) it(name, run)
})

interface Clients extends EngineSubject {
  end(): Promise<void>
}

describe.skipIf(!hasRedis)('the Redis engine', () => {
  let server: RedisServer
  let names = 0
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.end())
  const teardown = ({ end }: Clients) => end()

  describe('with ioredis', () => {
    const setup = async (): Promise<Clients> => {
      const clients = [0, 1].map(() => new Redis(server.url, { enableOfflineQueue: false }))
      const name = `io-${names++}`
      const [one, other] = clients.map((client) => redisEngine(client, { name }))
      const end = async () => {
        for (const client of clients) client.disconnect()
      }
      return { engines: [one as Engine, other as Engine], end }
    }
    for (const { name, run } of engineConformance({ setup, teardown })) it(name, run)
  })

  for (const RESP of [2, 3] as const) {
    describe(`with redis, protocol ${RESP}`, () => {
      const setup = async (): Promise<Clients> => {
        const clients = [0, 1].map(() =>
          createClient({ url: server.url, disableOfflineQueue: true, RESP }),
        )
        for (const client of clients) {
          client.on('error', () => {})
          await client.connect()
        }
        const name = `node-${names++}`
        const [one, other] = clients.map((client) => redisEngine(client, { name }))
        const end = async () => {
          for (const client of clients) client.destroy()
        }
        return { engines: [one as Engine, other as Engine], end }
      }
      for (const { name, run } of engineConformance({ setup, teardown })) it(name, run)
    })
  }

  it('sees what others have trimmed before it was ever read', async () => {
    const client = new Redis(server.url, { enableOfflineQueue: false })
    const engine = redisEngine(client, { name: 'trimmed' })
    const look = (after?: string) =>
      engine.changes({ after, wait: 0, signal: new AbortController().signal })
    const publish = (number: number) =>
      engine.publish(
        { incarnation: 'a/1', number, record: '[1]', first: false, set: [], remove: [] },
        30_000,
      )
    const { after } = await look()
    await publish(1)
    expect(await look(after)).toMatchObject({ batches: [{ number: 1 }], lost: false })
    await client.xtrim('{trimmed}:changes', 'MAXLEN', 0)
    await publish(2)
    const info = (await client.xinfo('STREAM', '{trimmed}:changes')) as unknown[]
    // Redis 6.2 does not count what there was.
    const lost = info.includes('entries-added')
    expect(await look(after)).toMatchObject({ batches: [{ number: 2 }], lost })
    client.disconnect()
  })

  it('leaves no connection and no listener behind', async () => {
    const client = new Redis(server.url, { enableOfflineQueue: false })
    const [errors, count] = [client.listenerCount('error'), () => client.client('LIST')]
    const engine = redisEngine(client)
    const ending = new AbortController()
    await engine.renew('a/1', 1_000)
    expect(client.listenerCount('error')).toBe(errors + 1)
    const before = String(await count()).split('\n').length
    const request = { after: '0-0', wait: 20, signal: ending.signal }
    await engine.changes(request)
    expect(String(await count()).split('\n').length).toBe(before + 1)
    ending.abort()
    await engine.release('a/1')
    expect(client.listenerCount('error')).toBe(errors)
    await expect.poll(async () => String(await count()).split('\n').length).toBe(before)
    client.disconnect()
  })
})
