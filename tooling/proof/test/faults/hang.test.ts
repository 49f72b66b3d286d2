import { until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import type { Peer } from './peer-handle.js'
import { typesOf } from './report.js'
import { scene } from './scene.js'

/** In ms: long enough to be dialing, short enough to wait for. */
const SHORT = 500

const typesAt = async (peer: Peer) => typesOf(await peer.report())

const untilTypes = (peer: Peer, ...types: readonly string[]) =>
  until(async () => (await typesAt(peer)).join() === types.join(), `the peer has seen ${types}`)

describe.each(['8.1', '6.4'] as const)('a peer that is stopped (secret-stack %s)', (version) => {
  // The sbot waits longer than the hub, so that sessions come late.
  const patient = { version, timers: { handshake: 15_000 } }

  it.concurrent('does not hold our dial; the session that it gives later is closed, and never announced', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(patient), scene.peer(patient)])
      b.process.stop()
      expect(await a.connect(b.address, SHORT)).toBe('DIAL_TIMEOUT')
      b.process.goOn()
      await untilTypes(b, 'connected', 'disconnected')
      expect(await typesAt(a)).toEqual(['connecting', 'connecting-failed'])
    }))

  it.concurrent('does not hold our disconnect, and has no ghost of us when it goes on', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(patient), scene.peer(patient)])
      expect(await a.connect(b.address)).toBe('connected')
      b.process.stop()
      expect(await a.disconnect(b.address)).toBe('disconnected')
      expect(await a.connect(b.address, SHORT)).toBe('DIAL_TIMEOUT')
      const { entries, rpcs } = await a.report()
      expect([entries, rpcs]).toEqual([[], {}])
      b.process.goOn()
      await untilTypes(b, 'connected', 'disconnected', 'connected', 'disconnected')
    }))

  it.concurrent('keeps its links where nobody gives them up', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await Promise.all([scene.peer(patient), scene.peer(patient)])
      expect(await a.connect(b.address)).toBe('connected')
      b.process.stop()
      const back = b.connect(a.address)
      expect(await a.connect(b.address)).toBe('connected')
      b.process.goOn()
      expect(await back).toBe('connected')
      await a.untilEntries(2)
      expect((await a.report()).rpcs).toEqual({ [b.id]: 2 })
    }))

  it.concurrent('finds the time of its own dial over when it goes on, and closes what comes late', (context) =>
    scene(context, async (scene) => {
      const [a, b, c] = await Promise.all([
        scene.peer(patient),
        scene.peer(patient),
        scene.peer(patient),
      ])
      a.process.stop()
      const outcome = b.connect(a.address, SHORT)
      await b.untilEntries(1)
      b.process.stop()
      a.process.goOn()
      // Begins later and waits as long: when it ends, the time of the other is over.
      expect(await c.connect(b.address, SHORT)).toBe('DIAL_TIMEOUT')
      b.process.goOn()
      expect(await outcome).toBe('DIAL_TIMEOUT')
      await untilTypes(a, 'connected', 'disconnected')
      await until(async () => (await typesAt(b)).length === 4, 'the late session of c has gone')
      expect((await typesAt(b)).slice(0, 2)).toEqual(['connecting', 'connecting-failed'])
    }))

  it.concurrent('keeps our process no longer than the timer of our sbot says', (context) =>
    scene(context, async (scene) => {
      // The other side must say goodbye, or an sbot keeps the socket until this is over.
      const timers = { inactivity: 1_500 }
      const [a, b] = await Promise.all([scene.peer({ version, timers }), scene.peer(patient)])
      expect(await a.connect(b.address)).toBe('connected')
      b.process.stop()
      const [report] = await a.process.leave()
      expect([report?.entries, report?.rpcs]).toEqual([[], {}])
      expect(await a.process.exited).toEqual({ status: 0, signal: null })
      b.process.goOn()
      await untilTypes(b, 'connected', 'disconnected')
    }))
})
