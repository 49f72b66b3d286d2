import { assert } from '../failure.js'
import type { Check } from '../trial.js'

export const listening: Record<string, Check> = {
  'listen() hands over each session that others open, once': async (trial) => {
    trial.listen()
    await trial.open()
    await trial.open()
    await trial.roundTrip()
    await trial.quiet()
    assert(trial.arrived.length === 3, 'three links that others open are three sessions')
    for (const { address, session } of trial.arrived) {
      assert(session.direction === 'inbound', 'the direction of what others open is inbound')
      const named = typeof address === 'string' && address !== ''
      assert(named, 'a session that others open comes with an address')
    }
  },

  'listen() says who is there': async (trial) => {
    trial.listen()
    const { theirs } = await trial.open()
    const { self } = trial.here.transport
    const same = self === undefined || theirs.session.key === self
    assert(same, "the key of an inbound session is the other peer's own")
  },

  'listen() hands over nothing once it was ended': async (trial) => {
    const stop = trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    stop()
    const probe = trial.dial()
    await trial.until(
      () => probe.settled > 0,
      'a dial settles its attempt, also where nobody listens',
    )
    const [session] = probe.sessions
    if (session) await trial.closeAlone(session)
    await trial.quiet()
    assert(trial.arrived.length === 1, 'after its end, listen() hands over nothing')
  },
}
