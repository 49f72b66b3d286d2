import { describe, expect, it } from 'vitest'
import { scene } from './scene.js'

describe.each(['8.1', '6.4'] as const)('a peer that is killed (secret-stack %s)', (version) => {
  it.concurrent('leaves the entries, whoever had dialed, and cannot be dialed any more', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer({ version }), scene.peer({ version })])
      expect(await a.connect(b.address)).toBe('connected')
      expect(await b.connect(a.address)).toBe('connected')
      await a.untilEntries(2)
      await b.process.kill()
      await a.untilEntries(0)
      expect(await a.connect(b.address)).toBe('DIAL_FAILED')
      const { rpcs, ended } = await a.report()
      expect({ rpcs, ended }).toEqual({ rpcs: {}, ended: { connected: 1, DIAL_FAILED: 1 } })
    }))

  it.concurrent('ends our dial in the middle of it, long before its time is over', (context) =>
    scene(context, async (scene) => {
      const timers = { handshake: 60_000 }
      const [a, b] = await Promise.all([scene.peer({ version, timers }), scene.peer({ version })])
      b.process.stop()
      const outcome = a.connect(b.address, 60_000)
      await a.untilEntries(1)
      await b.process.kill()
      expect(await outcome).toBe('DIAL_FAILED')
      expect((await a.report()).events).toEqual([
        `connecting ${b.address}`,
        `connecting-failed ${b.address}`,
      ])
    }))

  it.concurrent('takes nobody else along', (context) =>
    scene(context, async (scene) => {
      const [a, b, c] = await Promise.all([
        scene.peer({ version }),
        scene.peer({ version }),
        scene.peer({ version }),
      ])
      expect(await a.connect(b.address)).toBe('connected')
      expect(await c.connect(a.address)).toBe('connected')
      await a.untilEntries(2)
      await b.process.kill()
      await a.untilEntries(1)
      expect((await a.report()).rpcs).toEqual({ [c.id]: 1 })
    }))

  it.concurrent('leaves no dial open, where it was ten peers that we were dialing', (context) =>
    scene(context, async (scene) => {
      const a = await scene.peer({ version })
      const ten = await scene.peers(10, { version })
      const outcomes = a.connectAll(ten.map(({ address }) => address))
      await a.untilEntries(10)
      await ten[0]?.process.kill()
      await outcomes
      await a.untilEntries(0)
      const { ended, rpcs } = await a.report()
      const { connected = 0, DIAL_FAILED = 0, ...others } = ended
      expect([connected + DIAL_FAILED, others, rpcs]).toEqual([10, {}, {}])
    }))
})
