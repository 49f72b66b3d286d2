import { decorate } from '@conn-hub/core'
import type { Random } from '@conn-hub/simulation'
import {
  createDrain,
  createProtection,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
  type Policy,
} from '../../src/index.js'

export type Stack = ReturnType<typeof createStack>

/** A policy, and what has passed into it and has not ended. */
const spied = (policy: Policy, attempts: Set<unknown>): Policy => ({
  ...flagsOf(policy),
  wrap: (transport) =>
    decorate(policy.wrap(transport), {
      dial: (address, attempt, inner) => {
        attempts.add(attempt)
        attempt.ended(() => attempts.delete(attempt))
        return inner(address, attempt)
      },
    }),
})

const flagsOf = ({ name, delaysSessions, needsTable, needsTwoLinks, linksPerPeer }: Policy) => ({
  ...{ name, delaysSessions, needsTable, needsTwoLinks, linksPerPeer },
})

/** Some of all policies, with limits by chance, whose functions call `react`. */
export const createStack = (random: Random, react: () => void) => {
  const one = () => random.int(1, 3)
  const limits = {
    inbound: one(),
    outbound: one(),
    perKey: random.pick([2, 3, Number.POSITIVE_INFINITY]),
    parallel: random.int(1, 2),
    concurrent: one(),
  }
  const { inbound, outbound, perKey, parallel, concurrent } = limits
  const protection = createProtection()
  const protect = {
    isProtected: (key: string) => {
      react()
      return protection.isProtected(key)
    },
  }
  const whenFull = random.pick(['refuse', 'prune'] as const)
  const sessions = limitSessions({
    ...{ inbound, outbound, perKey },
    ...(whenFull === 'prune' ? { whenFull, protect } : {}),
  })
  const dials = limitDials({
    parallel,
    queue: random.pick([0, 1, 10]),
    queueTimeout: random.pick([50, 8_000]),
    priority: () => {
      react()
      return random.pick([0, 1, -1])
    },
  })
  const flood = limitInbound({
    by: ({ address }) => {
      react()
      return address
    },
    concurrent,
    ...(random.chance(0.3) ? { max: 20, per: 5_000 } : {}),
  })
  const answer = (): boolean | Promise<boolean> => {
    react()
    const given = random.chance(0.9)
    if (random.chance(0.7)) return given
    if (random.chance(0.1)) return new Promise(() => {})
    return new Promise((resolve) => setTimeout(resolve, random.int(0, 5_000), given))
  }
  const asks = gate({
    beforeDial: answer,
    ...(random.chance(0.5) ? { beforeAccept: answer } : {}),
    ...(random.chance(0.7) ? { beforeSession: answer } : {}),
    timeout: 3_000,
    onFailure: random.pick(['refuse', 'allow'] as const),
    onError: react,
  })
  const drain = createDrain()
  const passed = { dials: new Set<unknown>(), sessions: new Set<unknown>() }
  const all: Policy[] = [
    ...[flood, asks, onePerPeer({ settle: 500 })],
    ...[spied(sessions, passed.sessions), spied(dials, passed.dials), drain],
  ]
  const policies = inLegalOrder(
    all.filter(() => random.chance(0.8)),
    random,
  )
  const has = (name: string) => policies.some((policy) => policy.name === name)
  return {
    ...{ limits, protection, protect, whenFull, policies, has, passed },
    ...{ sessions, dials, flood, asks, drain },
  }
}

/** Any order that leaks nothing. */
const inLegalOrder = (policies: readonly Policy[], random: Random): Policy[] => {
  for (;;) {
    const order = policies
      .map((policy) => ({ policy, rank: random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ policy }) => policy)
    const leaks = order.some((inner, i) =>
      order
        .slice(i + 1)
        .some(
          (outer) => inner.name === 'drain' || (inner.needsTable && outer.delaysSessions === true),
        ),
    )
    if (!leaks) return order
  }
}
