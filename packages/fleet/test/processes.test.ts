import { once } from 'node:events'
import { until } from '@conn-hub/testkit'
import { afterEach, describe, it } from 'vitest'
import { Asked, bundled } from './bundled.js'
import { joined } from './digest.js'
import { Ends } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

const LEASE = 1_500

/** Three processes of two machines with twenty peers each. */
describe.skipIf(!hasRedis)('processes', () => {
  const ends = new Ends()
  afterEach(() => ends.all())

  const begin = async () => {
    const server = ends.add(await startRedis(), (one) => one.end())
    const { file } = ends.add(await bundled('machine'), (one) => one.end())
    const start = (name: string) => {
      const args = [`${server.port}`, name, '2', '20', `${LEASE}`, '100']
      const end = async ({ child }: Asked) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      return ends.add(new Asked(file, args), end)
    }
    const all = ['a', 'b', 'c'].map(start)
    await untilUnion(all)
    return { all, start }
  }

  const untilUnion = (all: readonly Asked[]) =>
    until(async () => {
      const ask = <T>(what: string) => Promise.all(all.map((one) => one.ask<T>({ ask: what })))
      const want = joined(await ask<string>('hubs'))
      const views = [...(await ask<string[]>('views')), ...(await ask<string[]>('told'))]
      return views.flat().every((view) => view === want)
    }, 'all views are the union of the hubs')

  it('vanish when they are killed, and come back as others', async () => {
    const { all, start } = await begin()
    const [a, b, c] = all as [Asked, Asked, Asked]
    a.kill('SIGKILL')
    await untilUnion([b, c])
    await Promise.all([b, c].map((one) => one.ask({ ask: 'stir' })))
    await untilUnion([b, c, start('a')])
  })

  it('vanish when they stand still for longer than a lease, and come back', async () => {
    const { all } = await begin()
    const [a, b, c] = all as [Asked, Asked, Asked]
    await a.ask({ ask: 'stir' })
    a.kill('SIGSTOP')
    await untilUnion([b, c])
    await b.ask({ ask: 'stir' })
    a.kill('SIGCONT')
    await untilUnion(all)
  })
})
