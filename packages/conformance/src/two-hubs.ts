import { createHub, decorate, type Hub, type Transport, withOutcome } from '@conn-hub/core'
import { assert } from './failure.js'
import type { Trial } from './trial.js'
import { type ContractWatch, watchContract } from './watch.js'
import { textOf } from './words.js'

/** A hub for each peer, whose contract is watched. `a` dials, `b` listens, and mostly both do both. */
export const twoHubs = <S>(trial: Trial<S>) => {
  const broken: Error[] = []
  const watches: ContractWatch[] = []
  const dials = { running: 0 }
  const create = ({ transport }: Trial<S>['here']): Hub<S> => {
    const { patience } = trial
    // No case waits for the hub to destroy what does not close: that would hide it.
    const deadlines = { dialTimeout: patience, closeTimeout: 2 * patience }
    // What goes wrong below is seen in the entries; the messages of it would only be noise.
    const options = { ...deadlines, onError: () => {} }
    const hub = createHub({ transport: counting(transport, dials), ...options })
    watches.push(watchContract(hub, { ...deadlines, onBroken: (error) => broken.push(error) }))
    trial.atEnd(() => hub.close())
    return hub
  }
  const [a, b] = [create(trial.here), create(trial.there)]
  const says = (expected: number | undefined) => () =>
    `both sides see the same links: the one has ${say(a)}, the other ${say(b)}, ${dials.running} dials are under way${expected === undefined ? '' : `, and ${expected} links are expected`}`
  return {
    a,
    b,
    connects: (dial: Promise<unknown>) => {
      const works = dial.catch((error: unknown) =>
        assert(false, `connect() to a peer that listens works, and not: ${textOf(error)}`),
      )
      return trial.settled(works, 'connect() settles')
    },
    /** Each link is there at both sides, and no further one is on its way. */
    agree: (links?: number) =>
      trial.until(() => {
        const [ours, theirs] = [countOf(a), countOf(b)]
        const same = ours.outbound === theirs.inbound && ours.inbound === theirs.outbound
        const enough = links === undefined || ours.outbound + ours.inbound === links
        return same && enough && dials.running === 0
      }, says(links)),
    nothingBroken: () => {
      for (const watch of watches) watch.check()
      const [first] = broken
      if (first) throw first
    },
  }
}

export const countOf = (hub: Hub<unknown>): { inbound: number; outbound: number } => {
  const count = { inbound: 0, outbound: 0 }
  for (const { sessions } of hub.entries()) for (const { direction } of sessions) count[direction]++
  return count
}

const say = (hub: Hub<unknown>): string => {
  const { inbound, outbound } = countOf(hub)
  return `${outbound} outbound and ${inbound} inbound`
}

/** A transport that counts the dials which it has not settled: a link may come of each. */
const counting = <S>(transport: Transport<S>, dials: { running: number }): Transport<S> =>
  decorate(transport, {
    dial: (address, attempt, inner) => {
      let running = true
      dials.running++
      const settled = () => {
        if (running) dials.running--
        running = false
      }
      const counted = withOutcome(attempt, {
        succeed: (session) => {
          settled()
          attempt.succeed(session)
        },
        fail: (error) => {
          settled()
          attempt.fail(error)
        },
      })
      try {
        const given = inner(address, counted)
        Promise.resolve<unknown>(given).catch(settled)
        return given
      } catch (error) {
        settled()
        throw error
      }
    },
  })
