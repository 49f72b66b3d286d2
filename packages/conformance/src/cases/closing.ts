import { REASON } from '../end.js'
import { assert } from '../failure.js'
import { call } from '../settle.js'
import { type Check, CLOSES_AT_BOTH_ENDS } from '../trial.js'

/** What an app may give as a reason; a transport cuts or drops what its network cannot carry. */
const REASONS = ['the app is done', '', `${'é'.repeat(500)}\u0000\n\u{1f600}\ud800`]

export const closing: Record<string, Check> = {
  'close() of the one who dialed is told at both ends': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
  },

  'close() of the one who was dialed is told at both ends': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(theirs, ours)
  },

  'onClosed() tells once': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    await trial.roundTrip()
    await trial.quiet()
    assert(ours.closed === 1 && theirs.closed === 1, 'onClosed() tells the end of a session once')
  },

  'onClosed() tells nothing while the link is open': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.roundTrip()
    await trial.quiet()
    assert(ours.closed + theirs.closed === 0, 'onClosed() tells nothing while the link is open')
  },

  'onClosed() tells also who asks after the end': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    for (const { session } of [ours, theirs]) {
      let told = false
      session.onClosed(() => {
        told = true
      })
      assert(told, 'onClosed() tells at once where the session has closed already')
    }
  },

  'onClosed() tells every listener, each once': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    const listeners = [ours, theirs].flatMap(({ address, session }) =>
      [1, 2, 3].map(() => trial.watch(address, session)),
    )
    await trial.close(ours, theirs)
    const all = [ours, theirs, ...listeners]
    const told = () => all.every(({ closed }) => closed > 0)
    await trial.until(told, 'onClosed() tells any number of listeners')
    await trial.quiet()
    assert(
      all.every(({ closed }) => closed === 1),
      'onClosed() tells each of its listeners once',
    )
  },

  'onClosed() tells a reason as a string, to late listeners too': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    for (const end of [ours, theirs]) {
      const late = trial.watch(end.address, end.session)
      const [first, second] = [end.told[0], late.told[0]]
      const isReason = first?.reason === undefined || typeof first.reason === 'string'
      assert(isReason, 'the reason that onClosed() tells is a string, or undefined')
      const same =
        first?.reason === second?.reason &&
        (first?.error === undefined) === (second?.error === undefined)
      assert(same, 'onClosed() tells those who ask after the end the same reason, and of an error')
    }
  },

  'close() takes any reason': async (trial) => {
    trial.listen()
    for (const [index, reason] of REASONS.entries()) {
      const { ours, theirs } = await trial.open()
      const [closing, other] = index % 2 === 0 ? [ours, theirs] : [theirs, ours]
      await trial.close(closing, other, reason)
      const error = closing.told[0]?.error
      assert(error === undefined || error !== reason, 'the reason of close() is not an error')
    }
  },

  'close() may be called again while it closes': async (trial) => {
    trial.listen()
    for (const closer of ['ours', 'theirs'] as const) {
      const ends = await trial.open()
      const calls = [1, 2, 3].map(() => call(() => ends[closer].session.close(REASON)))
      await trial.until(() => ends.ours.closed > 0 && ends.theirs.closed > 0, CLOSES_AT_BOTH_ENDS)
      await trial.quiet()
      const fine = calls.every(({ failed }) => !failed)
      assert(fine, 'close() of a session that is closing neither throws nor rejects')
    }
  },

  'close() may be called again': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    const calls = [ours, theirs].map(({ session }) => call(() => session.close(REASON)))
    await trial.quiet()
    const fine = calls.every(({ failed }) => !failed)
    assert(fine, 'close() of a session that has closed neither throws nor rejects')
  },
}
