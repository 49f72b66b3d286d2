import { createHub, type Hub } from '@conn-hub/core'
import { assert } from '../failure.js'
import type { Check, Trial } from '../trial.js'
import { type ContractWatch, watchContract } from '../watch.js'

const ROUNDS = 12

/** What the ends of a link must come to: nobody sees a link that the other does not. */
const AGREE = 'both sides see the same links'

export const hubs: Record<string, Check> = {
  'two hubs see the same connection, and its end': async (trial) => {
    const { a, b, agree, nothingBroken } = twoHubs(trial)
    await trial.settled(a.connect(trial.there.address), 'connect() settles')
    await agree(1)
    assert(b.snapshot()[0]?.state === 'connected', 'the entry of an inbound session is connected')
    await trial.settled(a.disconnect(trial.there.address), 'disconnect() settles')
    await agree(0)
    nothingBroken()
  },

  'two hubs that dial each other at once agree': async (trial) => {
    const { a, b, agree, nothingBroken } = twoHubs(trial)
    const both = Promise.all([a.connect(trial.there.address), b.connect(trial.here.address)])
    await trial.settled(both, 'connect() settles')
    await agree()
    assert(sessionsOf(a) > 0, 'of two dials at once, at least one session stays')
    await trial.settled(a.reset(), 'reset() settles')
    await agree(0)
    nothingBroken()
  },

  'a hub that closes leaves nothing open at the other side': async (trial) => {
    const { a, b, agree, nothingBroken } = twoHubs(trial)
    await trial.settled(a.connect(trial.there.address), 'connect() settles')
    await trial.settled(b.connect(trial.here.address), 'connect() settles')
    await agree()
    await trial.settled(a.close(), 'close() settles')
    await agree(0)
    nothingBroken()
  },

  'a hub does not connect to itself': async (trial) => {
    if (trial.here.transport.self === undefined) return
    const { a, nothingBroken } = twoHubs(trial)
    let connected = false
    a.on('connected', () => {
      connected = true
    })
    const dial = a.connect(trial.here.address).catch(() => {})
    await trial.settled(dial, 'connect() settles')
    assert(
      !connected,
      'a session with ourselves is never tracked: `self` is the key in its sessions',
    )
    nothingBroken()
  },

  'many rounds end where they began': async (trial) => {
    const { a, b, agree, nothingBroken } = twoHubs(trial)
    for (let round = 0; round < ROUNDS; round++) {
      const [caller, address] = round % 2 === 0 ? [a, trial.there.address] : [b, trial.here.address]
      await trial.settled(caller.connect(address), 'connect() settles')
      await agree(1)
      const ender = round % 3 === 0 ? a : b
      await trial.settled(ender.reset(), 'reset() settles')
      await agree(0)
    }
    nothingBroken()
  },
}

/** A hub for each peer, whose contract is watched. */
const twoHubs = <S>(trial: Trial<S>) => {
  const broken: Error[] = []
  const watches: ContractWatch[] = []
  const create = ({ transport }: Trial<S>['here']): Hub<S> => {
    const { patience } = trial
    // What goes wrong below is seen in the entries; the messages of it would only be noise.
    const options = { dialTimeout: patience, closeTimeout: patience, onError: () => {} }
    const hub = createHub({ transport, ...options })
    watches.push(watchContract(hub, { onBroken: (error) => broken.push(error) }))
    trial.atEnd(() => hub.close())
    return hub
  }
  const [a, b] = [create(trial.here), create(trial.there)]
  return {
    a,
    b,
    agree: (links?: number) =>
      trial.until(() => {
        const count = sessionsOf(a)
        return count === sessionsOf(b) && (links === undefined || count === links)
      }, AGREE),
    nothingBroken: () => {
      for (const watch of watches) watch.check()
      const [first] = broken
      if (first) throw first
    },
  }
}

const sessionsOf = (hub: Hub<unknown>): number =>
  hub.snapshot().reduce((count, { sessions }) => count + sessions.length, 0)
