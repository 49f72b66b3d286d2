import { REASON } from '../end.js'
import { assert, needs } from '../failure.js'
import { call } from '../settle.js'
import type { Check } from '../trial.js'

export const dialing: Record<string, Check> = {
  'dial() opens an outbound session': async (trial) => {
    trial.listen()
    const { session } = (await trial.open()).ours
    assert(session.direction === 'outbound', 'the direction of a session that we dial is outbound')
    assert(session.handle !== undefined, 'a session has a handle, for the app to work with')
  },

  'dial() reaches the peer that the address names': async (trial) => {
    trial.listen()
    const { ours } = await trial.open()
    const { key } = trial.here.transport.describe(ours.address)
    const proved = ours.session.key
    const same = key === undefined || proved === undefined || key === proved
    assert(same, 'the key of a session is the key that its address names')
  },

  'dial() settles its attempt once': async (trial) => {
    trial.listen()
    const probe = trial.dial()
    await trial.until(() => probe.settled > 0, 'a dial settles its attempt')
    for (const session of probe.sessions) await trial.closeAlone(session)
    await trial.roundTrip()
    await trial.quiet()
    assert(probe.settled === 1, 'a dial settles its attempt once, and not again')
  },

  'dial() settles a cancelled attempt once at most': async (trial) => {
    trial.listen()
    const cancelled = trial.dial()
    cancelled.cancel()
    const next = trial.dial()
    await trial.until(() => next.settled > 0, 'a dial settles its attempt')
    await trial.quiet()
    assert(
      cancelled.settled <= 1,
      'an attempt whose signal has aborted gets one session or one error at most, and not both',
    )
  },

  'dial() releases what it holds before the link opens': async (trial) => {
    trial.listen()
    const probe = trial.dial()
    await trial.until(() => probe.settled > 0, 'a dial settles its attempt')
    needs(probe.holds.length > 0, 'its dial() holds no attempt')
    const said = probe.holds.every((why: unknown) => typeof why === 'string' && why !== '')
    assert(said, 'hold() is told why, in a string')
    assert(
      probe.heldWhenOpened === 0,
      'what holds an attempt is released before the link opens, for the clock of a held dial stands',
    )
  },

  'dial() fails where nobody answers': async (trial) => {
    const probe = trial.dial(trial.subject.deadAddress)
    await trial.until(() => probe.settled > 0, 'a dial fails where nobody answers')
    assert(probe.sessions.length === 0, 'there is no session where nobody answers')
    assert(!!probe.errors[0], 'a dial that fails says why')
  },

  'dial() makes a session of its own for each link': async (trial) => {
    trial.listen()
    const first = await trial.open()
    await trial.close(first.ours, first.theirs)
    const second = await trial.open()
    const fresh =
      first.ours.session !== second.ours.session && first.theirs.session !== second.theirs.session
    assert(fresh, 'a new link is a new session, also where it leads to the same peer')
  },

  'dial() leaves nothing open when its signal aborts': async (trial) => {
    trial.listen()
    const cancelled = trial.dial()
    cancelled.cancel()
    const next = trial.dial()
    await trial.until(() => next.settled > 0, 'a dial settles its attempt')
    await trial.until(() => trial.arrived.length > 0, 'listen() hands over what others open')
    const closing = new Set<unknown>()
    const isOver = () => {
      // As a hub does: what comes late is closed.
      for (const session of [...cancelled.sessions, ...next.sessions]) {
        if (closing.has(session)) continue
        closing.add(session)
        call(() => session.close(REASON))
      }
      return trial.arrived.every(({ closed }) => closed > 0)
    }
    await trial.until(
      isOver,
      'a dial that was cancelled opens nothing, or hands it over to be closed',
    )
  },
}
