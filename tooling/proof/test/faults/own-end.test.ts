import { until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { addressOf, type Peer } from './peer-handle.js'
import { type Scene, scene } from './scene.js'
import { silence } from './wire.js'

const TEN = <T>(value: T): T[] => Array(10).fill(value)

describe.each(['8.1', '6.4'] as const)('during 20 dials (secret-stack %s)', (version) => {
  /** Ten to peers that are stopped, ten to a port that says nothing; and one is connected. */
  const dialing = async (scene: Scene, { timeout = 60_000, handshake = 10_000 } = {}) => {
    const [a, [friend, ...ten]] = await Promise.all([
      scene.peer({ version, timers: { handshake } }),
      scene.peers(11, { version }) as Promise<[Peer, ...Peer[]]>,
    ])
    const silent = await scene.port(silence)
    expect(await a.connect(friend.address)).toBe('connected')
    friend.process.stop()
    const outcomes = Promise.all([
      a.connectAll(ten.map(({ address }) => address)),
      a.connectAll(
        TEN(silent.port).map((port) => addressOf(port)),
        timeout,
      ),
    ])
    await until(() => silent.connections === 10, 'the dials have got somewhere')
    return { a, others: friend.process, everyOther: [friend, ...ten], outcomes }
  }

  it.concurrent('our own sbot closes: each dial ends, and what opens nevertheless is closed', (context) =>
    scene(context, async (scene) => {
      const { a, others, outcomes } = await dialing(scene, { timeout: 1_000, handshake: 3_000 })
      await a.closeSbot()
      others.goOn()
      expect(await outcomes).toEqual([TEN('NOT_READY'), TEN('DIAL_TIMEOUT')])
      expect((await a.report()).entries).toHaveLength(0)
    }))

  it.concurrent('our hub closes: each dial ends at once, and what opens later is closed', (context) =>
    scene(context, async (scene) => {
      const { a, others, everyOther, outcomes } = await dialing(scene)
      await a.closeHub()
      expect(await outcomes).toEqual([TEN('HUB_CLOSED'), TEN('HUB_CLOSED')])
      others.goOn()
      const haveSeenUs = async () => {
        const reports = await Promise.all(everyOther.map((peer) => peer.report()))
        return reports.every(({ events }) => events.length === 2)
      }
      await until(haveSeenUs, 'each of the others has seen us come and go')
      expect((await a.report()).rpcs).toEqual({})
    }))

  it.concurrent('our process leaves, and ends by itself', (context) =>
    scene(context, async (scene) => {
      const { a, others, outcomes } = await dialing(scene)
      const left = a.process.leave()
      expect(await outcomes).toEqual([TEN('HUB_CLOSED'), TEN('HUB_CLOSED')])
      await left
      others.goOn()
      expect(await a.process.exited).toEqual({ status: 0, signal: null })
    }))
})
