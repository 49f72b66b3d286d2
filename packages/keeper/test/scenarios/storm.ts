import type { MemoryLink } from '@conn-hub/conformance'
import { createHub, decorate, HubError, type Transport } from '@conn-hub/core'
import { type Scenario, simulate } from '@conn-hub/simulation'
import { createKeeper, type KeeperOptions } from '../../src/index.js'

export interface Storm {
  readonly seed: number
  readonly clients: number
  /** How long the server is away, in ms. */
  readonly away: number
  /** How many sessions it accepts a second when it is back. Default: all. */
  readonly accepts?: number
  readonly options?: KeeperOptions
}

export interface StormFigures {
  /** The most dials in 100 ms, from the moment when the server is lost. */
  readonly peak: number
  readonly attempts: number
  /** How long after the return of the server the last client was connected, in ms. */
  readonly allBack: number
  readonly hash: string
}

/** Lets so many through a second, evenly: a tenth of them in each 100 ms. What was not used is lost. */
export const doorOf = (aSecond: number): ((now: number) => boolean) => {
  let [slot, taken] = [-1, 0]
  return (now) => {
    const current = Math.floor(now / 100)
    if (current !== slot) [slot, taken] = [current, 0]
    return ++taken <= aSecond / 10
  }
}

/** Clients with a keeper each that lose their server all at once. */
export const playStorm = async (storm: Storm): Promise<StormFigures> => {
  const { seed, clients, away, accepts = Number.POSITIVE_INFINITY, options } = storm
  const dials: number[] = []
  const figures = { peak: 0, attempts: 0, allBack: 0 }
  const scenario: Scenario = async (world) => {
    world.network.set({ latency: 20, jitter: 20 })
    const server = world.peer('server')
    let [lostAt, backAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const takes = doorOf(accepts)
    const guarded = (transport: Transport<MemoryLink>) =>
      decorate(transport, {
        dial: (address, attempt, inner) => {
          if (world.now >= lostAt) dials.push(world.now - lostAt)
          if (world.now < backAt || takes(world.now)) return inner(address, attempt)
          const timer = setTimeout(
            () => attempt.fail(new HubError('BUSY', 'The server is busy.')),
            60,
          )
          attempt.ended(() => clearTimeout(timer))
        },
      })
    const all = Array.from({ length: clients }, (_, index) =>
      world.peer(`c${index}`, ({ transport, random }) => {
        const hub = createHub({ transport: guarded(transport) })
        createKeeper(hub, { random, ...options }).keep(server.address)
        return hub
      }),
    )
    const isBack = () => all.every(({ hub }) => hub.getState(server.address) === 'connected')
    while (!isBack()) await world.wait(100)
    await world.wait(20_000)
    lostAt = world.now
    server.crash()
    await world.wait(away)
    backAt = world.now
    figures.attempts = dials.length
    server.restart()
    await world.wait(50)
    while (!isBack()) await world.wait(100)
    figures.allBack = world.now - backAt
  }
  const { hash } = await simulate({ seed, duration: 600_000, quiet: 1_000 }, scenario)
  const buckets = new Map<number, number>()
  for (const at of dials) {
    const bucket = Math.floor(at / 100)
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
  }
  return { ...figures, peak: Math.max(...buckets.values()), hash }
}
