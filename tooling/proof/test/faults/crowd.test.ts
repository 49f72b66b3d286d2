import { expect, it } from 'vitest'
import type { Peer } from './peer-handle.js'
import { scene } from './scene.js'

const PROCESSES = 10
const EACH = 5
const COUNT = PROCESSES * EACH

it('50 peers that dial four others, who dial them at the same instant, keep both links of each pair', (context) =>
  scene(context, async (scene) => {
    const timers = { handshake: 10_000 }
    const groups = await Promise.all(
      Array.from({ length: PROCESSES }, () => scene.peers(EACH, { timers })),
    )
    const peers = groups.flat()
    // One step leads mostly to the same process, seven always to another.
    const othersOf = (index: number) =>
      [1, -1, 7, -7].map((step) => peers[(index + step + COUNT) % COUNT] as Peer)

    // Stopped, all have their commands before anybody can begin.
    for (const process of scene.processes) process.stop()
    const outcomes = peers.map((peer, index) =>
      peer.connectAll(othersOf(index).map(({ address }) => address)),
    )
    for (const process of scene.processes) process.goOn()
    expect(await Promise.all(outcomes)).toEqual(Array(COUNT).fill(Array(4).fill('connected')))
    await Promise.all(peers.map((peer) => peer.untilEntries(8)))

    for (const [index, peer] of peers.entries()) {
      const others = othersOf(index)
      const { events, rpcs } = await peer.report()
      // It dialed all of them before it heard of any.
      expect(events.slice(0, 4)).toEqual(others.map(({ address }) => `connecting ${address}`))
      expect(rpcs).toEqual(Object.fromEntries(others.map(({ id }) => [id, 2])))
    }
  }))
