import { assert, needs } from '../failure.js'
import { isListening } from '../subject.js'
import type { Check } from '../trial.js'
import { countOf, twoHubs } from '../two-hubs.js'

const ROUNDS = 12

const ONLY_DIALS = 'one of the peers only dials'

export const hubs: Record<string, Check> = {
  'two hubs see the same connection, and its end': async (trial) => {
    const { a, b, connects, agree, nothingBroken } = twoHubs(trial)
    await connects(a.connect(trial.there.address))
    await agree(1)
    assert(b.snapshot()[0]?.state === 'connected', 'the entry of an inbound session is connected')
    await trial.settled(a.disconnect(trial.there.address), 'disconnect() settles')
    await agree(0)
    nothingBroken()
  },

  'two hubs that dial each other at once agree': async (trial) => {
    const { here, there } = trial
    needs(isListening(here), ONLY_DIALS)
    const { a, b, connects, agree, nothingBroken } = twoHubs(trial)
    const both = Promise.all([a.connect(there.address), b.connect(here.address)])
    await connects(both)
    await agree()
    const { inbound, outbound } = countOf(a)
    assert(inbound + outbound > 0, 'of two dials at once, at least one session stays')
    await trial.settled(a.reset(), 'reset() settles')
    await agree(0)
    nothingBroken()
  },

  'a hub that closes leaves nothing open at the other side': async (trial) => {
    const { a, b, connects, agree, nothingBroken } = twoHubs(trial)
    await connects(a.connect(trial.there.address))
    const { here } = trial
    if (isListening(here)) await connects(b.connect(here.address))
    await agree()
    await trial.settled(a.close(), 'close() settles')
    await agree(0)
    nothingBroken()
  },

  'a hub does not connect to itself': async (trial) => {
    const { here } = trial
    needs(isListening(here), ONLY_DIALS)
    needs(here.transport.self !== undefined, 'it has no key of its own')
    const { a, nothingBroken } = twoHubs(trial)
    let connected = false
    a.on('connected', () => {
      connected = true
    })
    const dial = a.connect(here.address).catch(() => {})
    await trial.settled(dial, 'connect() settles')
    assert(
      !connected,
      'a session with ourselves is never tracked: `self` is the key in its sessions',
    )
    nothingBroken()
  },

  'many rounds end where they began': async (trial) => {
    const { here, there } = trial
    const { a, b, connects, agree, nothingBroken } = twoHubs(trial)
    for (let round = 0; round < ROUNDS; round++) {
      const dial =
        round % 2 === 0 || !isListening(here) ? a.connect(there.address) : b.connect(here.address)
      await connects(dial)
      await agree(1)
      const ender = round % 3 === 0 ? a : b
      await trial.settled(ender.reset(), 'reset() settles')
      await agree(0)
    }
    nothingBroken()
  },
}
