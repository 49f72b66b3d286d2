import { type End, REASON } from '../end.js'
import { assert, needs, until } from '../failure.js'
import { call } from '../settle.js'
import type { Check, Trial } from '../trial.js'
import { textOf } from '../words.js'

/** How soon the listeners of a session that was destroyed are told, in ms. */
const SOON = 1_000

export const destroying: Record<string, Check> = {
  'destroy() of the one who dialed is told at both ends': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    destroy(ours)
    await goneAtBoth(trial, ours, theirs)
  },

  'destroy() of the one who was dialed is told at both ends': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    destroy(theirs)
    await goneAtBoth(trial, theirs, ours)
  },

  'destroy() ends a link that is closing': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    needs(ours.session.destroy !== undefined, NONE)
    // How this close() settles is of no account any more.
    call(() => ours.session.close(REASON))
    if (ours.closed === 0) destroy(ours)
    await goneAtBoth(trial, ours, theirs)
  },
}

const NONE = 'its sessions have no destroy()'

const destroy = <S>({ session }: End<S>): void => {
  needs(session.destroy !== undefined, NONE)
  let given: unknown
  try {
    given = session.destroy()
  } catch (error) {
    assert(false, `destroy() does not throw, and not: ${textOf(error)}`)
  }
  const isPromise = typeof given === 'object' && given !== null && 'then' in given
  assert(!isPromise, 'destroy() is done when it returns, and gives no promise')
}

const goneAtBoth = async <S>(trial: Trial<S>, here: End<S>, there: End<S>): Promise<void> => {
  const told = 'destroy() ends a link at once, and its listeners are told within a second'
  await until(() => here.closed > 0, told, SOON)
  await trial.until(() => there.closed > 0, 'the other side sees the end by destroy()')
  await trial.quiet()
  const once = here.closed === 1 && there.closed === 1
  assert(once, 'onClosed() tells the end by destroy() once')
}
