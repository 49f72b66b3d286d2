import { decorate, type Session, type Transport, withOutcome } from '@conn-hub/core'
import type { Random } from '@conn-hub/simulation'
import { REASONS } from './callers.js'

/** How long a transport keeps a link to itself at most, in ms. */
export const LATE = 4_000

/** A transport that holds dials, answers late or twice, fails in odd ways, and whose sessions do not close as they should. */
export const faulty = <S>(transport: Transport<S>, random: Random): Transport<S> =>
  decorate(transport, {
    dial: (address, attempt, inner) => {
      if (random.chance(0.03)) throw new Error('dial() threw')
      if (random.chance(0.03)) return attempt.fail(undefined)
      const succeed = (session: Session<S>) => {
        const given = faultySession(session, random)
        const answer = () => {
          attempt.succeed(given)
          if (random.chance(0.1)) attempt.succeed(given)
          if (random.chance(0.1)) attempt.fail(new Error('failed, after it had succeeded'))
        }
        if (random.chance(0.2)) setTimeout(answer, random.int(1, LATE))
        else answer()
      }
      const dial = () => inner(address, withOutcome(attempt, { succeed }))
      if (!random.chance(0.2)) return dial()
      const release = attempt.hold('a place in a queue')
      setTimeout(
        () => {
          release()
          dial()
        },
        random.int(1, 2 * LATE),
      )
    },
    listen: (accept, side, inner) =>
      inner(({ address, session }) => {
        accept({ address, session: faultySession(session, random) })
      }, side),
  })

/** Another session with the same handle. What nobody holds can be destroyed, so that the hub can always end it. */
const faultySession = <S>(session: Session<S>, random: Random): Session<S> => {
  const { handle, direction, key } = session
  const onClosed: Session<S>['onClosed'] = (listener) => session.onClosed(listener)
  const given = { handle, direction, key, onClosed }
  let asked = ''
  const close = (why: string) => {
    asked = why
    session.close(why)
  }
  const destroy = () => session.destroy?.()
  const fault = random.int(0, 9)
  if (fault === 0)
    return { ...given, close, destroy: () => (isOurs(asked) ? throwing() : destroy()) }
  if (fault === 1) return { ...given, close: throwing, destroy }
  if (fault === 2) return { ...given, close: async () => throwing(), destroy }
  if (fault === 3) return { ...given, close: () => {}, destroy }
  return { ...given, close, destroy }
}

/** Asked by `disconnect()`: the session is in an entry, and stays there. */
const isOurs = (why: string): boolean => why === REASONS.all || why === REASONS.one

const throwing = (): never => {
  throw new Error('it threw')
}
