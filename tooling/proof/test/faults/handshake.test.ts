import { describe, expect, it } from 'vitest'
import { addressOf, type Peer } from './peer-handle.js'
import { type Scene, scene } from './scene.js'
import { type Cut, cutWire, resetAfter } from './wire.js'

describe.each(['8.1', '6.4'] as const)('a handshake (secret-stack %s)', (version) => {
  // Whoever is not refused waits longer than the test.
  const patient = { version, timers: { handshake: 30_000 } }
  const two = (scene: Scene) => Promise.all([scene.peer(patient), scene.peer(patient)])

  /** Nothing is left of what went wrong, and the same two can meet. */
  const expectUnharmed = async (a: Peer, b: Peer) => {
    await Promise.all([a, b].map((peer) => peer.untilEntries(0)))
    expect(await a.connect(b.address)).toBe('connected')
    await b.untilEntries(1)
    expect(await a.disconnect(b.address)).toBe('disconnected')
    await b.untilEntries(0)
  }

  /** How our dial ended, where both sides hear a reset after so many bytes. */
  const dialThrough = async (scene: Scene, cut: Omit<Cut, 'end'>, a: Peer, b: Peer) => {
    const wire = await scene.port(cutWire(b.port, { ...cut, end: 'reset' }))
    const outcome = await a.connect(addressOf(wire.port, b.id))
    await expectUnharmed(a, b)
    return outcome
  }

  it('that the other side resets is a failed dial', (context) =>
    scene(context, async (scene) => {
      const a = await scene.peer(patient)
      for (const bytes of [0, 1, 64]) {
        const { port } = await scene.port(resetAfter(bytes))
        expect(await a.connect(addressOf(port)), `after ${bytes} bytes`).toBe('DIAL_FAILED')
      }
    }))

  // The client says 64 bytes, the server 64, the client 112, the server 80.
  it('that is reset before the two know each other is a failed dial, and unknown to the other side', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await two(scene)
      for (const client of [0, 63, 64, 65, 175]) {
        expect(await dialThrough(scene, { client }, a, b), `after ${client}`).toBe('DIAL_FAILED')
      }
      for (const server of [0, 1, 63]) {
        expect(await dialThrough(scene, { server }, a, b), `at ${server} back`).toBe('DIAL_FAILED')
      }
      // Those of the eight that worked.
      expect((await b.report()).events).toHaveLength(16)
    }))

  it('that is reset when the server alone knows the client comes and goes there, and is a failed dial', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await two(scene)
      for (const server of [65, 100, 143]) {
        expect(await dialThrough(scene, { server }, a, b), `at ${server} back`).toBe('DIAL_FAILED')
      }
      expect((await b.report()).events).toHaveLength(12)
    }))

  it('that is reset at its very end leaves nothing, whoever was faster', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await two(scene)
      for (const cut of [{ client: 176 }, { server: 144 }]) {
        const outcome = await dialThrough(scene, cut, a, b)
        expect(['connected', 'DIAL_FAILED'], JSON.stringify(cut)).toContain(outcome)
      }
    }))

  it('with another key than that of the peer is refused, and unknown to the other side', (context) =>
    scene(context, async (scene) => {
      const [a, b] = await two(scene)
      const address = addressOf(b.port)
      expect(await a.connect(address)).toBe('DIAL_FAILED')
      expect((await a.report()).events).toEqual([
        `connecting ${address}`,
        `connecting-failed ${address}`,
      ])
      expect((await b.report()).events).toEqual([])
      await expectUnharmed(a, b)
    }))

  it('with a peer of another network is refused, from both sides', (context) =>
    scene(context, async (scene) => {
      const caps = { shs: Buffer.alloc(32, 7).toString('base64') }
      const [a, b] = await Promise.all([scene.peer(patient), scene.peer({ ...patient, caps })])
      expect(await a.connect(b.address)).toBe('DIAL_FAILED')
      expect(await b.connect(a.address)).toBe('DIAL_FAILED')
      expect((await b.report()).events).toEqual([
        `connecting ${a.address}`,
        `connecting-failed ${a.address}`,
      ])
    }))
})
