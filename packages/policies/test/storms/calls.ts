import type { Address, ConnectOptions } from '@conn-hub/core'
import type { Random } from '@conn-hub/simulation'
import type { Running } from './peer.js'

const REASONS = ['disconnect', 'mine', 'idle', 'duplicate', 'limit'] as const

export interface Parts extends Omit<Running, 'look'> {
  readonly clock: { jump(ms: number): void }
  readonly setOnline: (value: boolean) => void
  readonly random: Random
}

/** All that an app may do. */
export const callsOf = (parts: Parts): (() => unknown)[] => {
  const { hub, keepers, kept, paused, explainer, pending, random, names, clock, drain } = parts
  const address = () => (random.chance(0.05) ? 'bad' : `mem:${random.pick(names)}`)
  const settle = (promise: Promise<unknown>, where?: Address) => {
    pending.set(promise, where)
    const over = () => void pending.delete(promise)
    promise.then(over, over)
  }
  const connect = (options: ConnectOptions = {}) => {
    const where = address()
    settle(hub.connect(where, options), where)
  }
  const keep = () => {
    if (hub.closed || kept.size > 12) return
    const keeper = random.pick(keepers)
    const addresses = Array.from({ length: random.int(1, 3) }, address)
    const what = random.chance(0.5) ? address() : { key: random.pick(names), addresses }
    const controller = new AbortController()
    if (random.chance(0.2)) setTimeout(() => controller.abort(), random.int(0, 5_000))
    try {
      kept.set(keeper.keep(what, { until: controller.signal }), keeper)
    } catch (error) {
      if ((error as { code?: string }).code !== 'KEEPER_CLOSED') throw error
    }
  }
  const rarely = (part: number, run: () => unknown) => () => void (random.chance(part) && run())
  return [
    ...[keep, keep],
    () => {
      const controller = new AbortController()
      if (random.chance(0.3)) setTimeout(() => controller.abort(), random.int(0, 3_000))
      connect({ signal: controller.signal })
    },
    () => connect(),
    () => {
      const where = address()
      const session = random.pick([undefined, ...(hub.get(where)?.sessions ?? [])])
      const reason = random.pick(REASONS)
      settle(hub.disconnect(where, { reason, ...(session ? { session } : {}) }))
    },
    () => random.pick([...kept.keys(), undefined])?.release(),
    () => random.pick([...kept.keys(), undefined])?.now(),
    () => {
      const keeper = random.pick(keepers)
      if (random.chance(0.4)) {
        paused.add(keeper)
        keeper.pause('by chance')
      } else {
        paused.delete(keeper)
        keeper.resume()
      }
    },
    () => parts.setOnline(random.chance(0.7)),
    () => explainer.explain(address()),
    () =>
      setTimeout(parts.protection.protect(random.pick(names), 'by chance'), random.int(0, 9_000)),
    rarely(0.1, () => clock.jump(random.int(-7_200_000, 7_200_000))),
    rarely(0.1, () => settle(hub.reset())),
    rarely(0.05, () => settle(drain.start(hub, { within: 3_000, protect: parts.protect }))),
    rarely(0.03, () => settle(hub.close())),
    rarely(0.02, () => random.pick(keepers).close()),
  ]
}
