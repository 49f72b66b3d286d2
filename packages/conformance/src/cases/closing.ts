import { assert } from '../failure.js'
import type { Check } from '../trial.js'

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
    assert(ours.closed === 1 && theirs.closed === 1, 'onClosed() tells the end of a session once')
  },

  'onClosed() tells nothing while the link is open': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.roundTrip()
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

  'close() may be called again': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    await trial.close(ours, theirs)
    for (const { session } of [ours, theirs]) {
      const again = await settle(() => session.close())
      assert(again === 'fine', 'close() of a session that has closed neither throws nor rejects')
    }
  },
}

const settle = async (run: () => unknown): Promise<'fine' | 'failed'> => {
  try {
    await run()
    return 'fine'
  } catch {
    return 'failed'
  }
}
