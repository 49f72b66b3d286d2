import { until } from '@conn-hub/testkit'
import { expect, it, type TestContext } from 'vitest'
import { TwoNetworks } from './namespaces.js'
import type { Peer } from './peer-handle.js'
import { countBy, type Report, typesOf } from './report.js'
import { type Scene, scene } from './scene.js'

const layNetworks = (context: TestContext): TwoNetworks => {
  const networks = TwoNetworks.lay()
  if (typeof networks === 'string') {
    console.log(`Skipped, the partition of 20 peers: ${networks}`)
    return context.skip(networks)
  }
  context.onTestFinished(() => networks.end())
  return networks
}

/** Ten peers of one network, in two processes. */
const startTen = async (scene: Scene, { host, through }: TwoNetworks['left']): Promise<Peer[]> =>
  (await Promise.all([1, 2].map(() => scene.peers(5, { host }, through)))).flat()

const ask = <T>(peers: readonly Peer[], what: (report: Report) => T): Promise<T[]> =>
  Promise.all(peers.map(async (peer) => what(await peer.report())))

/** How many others each of them has a link to. */
const linksOf = (peers: readonly Peer[]) => ask(peers, ({ rpcs }) => Object.keys(rpcs).length)

/** How many sessions each of them was told of. */
const sessionsSeenBy = (peers: readonly Peer[]) =>
  ask(peers, (report) => countBy(typesOf(report), (type) => type).connected)

/** How the dials ended, and how many of them did. */
const dialAll = async (from: readonly Peer[], to: readonly Peer[], timeout?: number) => {
  const addresses = to.map(({ address }) => address)
  const outcomes = await Promise.all(from.map((peer) => peer.connectAll(addresses, timeout)))
  return countBy(outcomes.flat(), (outcome) => outcome)
}

const untilAll = (counts: () => Promise<readonly unknown[]>, count: number, what: string) =>
  until(async () => (await counts()).every((each) => each === count), what)

it('a partition of 20 peers heals: links that nobody gave up live on, the others are dialed again', async (context) => {
  const networks = layNetworks(context)
  await scene(context, async (scene) => {
    const [left, right] = await Promise.all([
      startTen(scene, networks.left),
      startTen(scene, networks.right),
    ])
    const [giving, keeping] = [left.slice(0, 5), left.slice(5)]
    expect(await dialAll(left, right)).toEqual({ connected: 100 })
    await untilAll(() => linksOf(right), 10, 'all are connected')

    networks.cut()
    // Five on the left give up what they had; the right side hears nothing of it.
    const given = giving.flatMap((peer) => right.map(({ id }) => peer.leave(id)))
    expect(await Promise.all(given)).toEqual(Array(50).fill(['disconnected']))
    expect(await linksOf(giving)).toEqual(Array(5).fill(0))
    expect(await linksOf(right)).toEqual(Array(10).fill(10))
    // The left side sees that the cable is out; the right side has nothing but its deadline.
    const dials = [dialAll(giving, right), dialAll(right, giving, 800)]
    expect(await Promise.all(dials)).toEqual([{ DIAL_FAILED: 50 }, { DIAL_TIMEOUT: 50 }])

    networks.join()
    await untilAll(() => linksOf(right), 5, 'the right side has heard who has gone')
    // What the right side dialed in vain arrives now, and is closed by it.
    await untilAll(() => sessionsSeenBy(giving), 20, 'the late sessions have come')
    expect(await linksOf(keeping)).toEqual(Array(5).fill(10))
    expect(await dialAll(giving, right)).toEqual({ connected: 50 })
    await untilAll(() => linksOf([...left, ...right]), 10, 'all are connected again')
    expect(await sessionsSeenBy(right)).toEqual(Array(10).fill(15))
  })
})
