import { type End, REASON } from '../end.js'
import { assert, needs } from '../failure.js'
import { call, settle } from '../settle.js'
import type { Check, Trial } from '../trial.js'
import { textOf } from '../words.js'

export const probing: Record<string, Check> = {
  'probe() resolves when the other side has answered': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await answers(trial, ours)
    await answers(trial, theirs)
  },

  'probe() rejects when its signal aborts': async (trial) => {
    trial.listen()
    const { ours } = await trial.open()
    const early = await outcomeOf(trial, probe(ours, AbortSignal.abort()))
    assert(early === 'failed', 'probe() rejects where its signal has aborted already')
    const controller = new AbortController()
    const aborted = probe(ours, controller.signal)
    controller.abort()
    const wasAnswered = await isSettled(aborted)
    const outcome = await outcomeOf(trial, aborted)
    assert(
      outcome === 'failed' || wasAnswered,
      'probe() rejects when its signal aborts, and resolves no more',
    )
    await answers(trial, ours)
  },

  'probe() rejects when the link has closed': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    const running = probe(ours)
    await trial.close(ours, theirs)
    // It may have been answered before the link closed.
    await outcomeOf(trial, running)
    for (const end of [ours, theirs]) {
      const late = await outcomeOf(trial, probe(end))
      assert(late === 'failed', 'probe() of a session that has closed rejects')
    }
    const lost = await trial.open()
    const unanswered = probe(lost.ours)
    const { session } = lost.theirs
    call(() => (session.destroy ? session.destroy() : session.close(REASON)))
    await outcomeOf(trial, unanswered)
  },

  'probe() may run several times at once': async (trial) => {
    trial.listen()
    const { ours } = await trial.open()
    const controller = new AbortController()
    const probes = [probe(ours), probe(ours, controller.signal), probe(ours)]
    controller.abort()
    const [first, , third] = await Promise.all(probes.map((each) => outcomeOf(trial, each)))
    assert(
      first === 'fine' && third === 'fine',
      'several probes run at once, and each of them is answered',
    )
  },
}

type Outcome = Promise<'fine' | 'failed'>

/** Runs it at once; what it throws counts as broken, for callers wait for a promise. */
const probe = <S>({ session }: End<S>, signal = new AbortController().signal): Outcome => {
  needs(session.probe !== undefined, 'its sessions have no probe()')
  let given: unknown
  try {
    given = session.probe(signal)
  } catch (error) {
    assert(false, `probe() gives a promise, and does not throw: ${textOf(error)}`)
  }
  const isPromise = typeof given === 'object' && given !== null && 'then' in given
  assert(isPromise, 'probe() gives a promise')
  return settle(() => given)
}

const outcomeOf = <S>(trial: Trial<S>, outcome: Outcome) =>
  trial.settled(
    outcome,
    'a probe is answered, or rejects when its signal aborts or the link closes',
  )

const answers = async <S>(trial: Trial<S>, end: End<S>): Promise<void> => {
  const outcome = await outcomeOf(trial, probe(end))
  assert(outcome === 'fine', 'probe() resolves when the other side has answered')
}

/** More than what is answered within the call needs to be told through some async functions. */
const TURNS = 50

/** Whether it has settled before anything of the network can have come: only microtasks pass. */
const isSettled = async (outcome: Outcome): Promise<boolean> => {
  let settled = false
  outcome.then(() => {
    settled = true
  })
  for (let turn = 0; turn < TURNS && !settled; turn++) await Promise.resolve()
  return settled
}
