import type { Batch } from '../model/engine.js'
import { assert, type Check, KEEP } from './trial.js'

export const changing: Record<string, Check> = {
  'changes() gives each batch once, in its order, whole': async (trial) => {
    const { here, there, incarnation, batch, look } = trial
    const one = incarnation()
    await here.publish(batch(one, 1), KEEP)
    const begin = await look(there)
    assert(begin.batches.length === 0, 'without a position it gives the end, and no batches')
    const sent = [2, 3, 4].map((number) =>
      batch(one, number, { set: ['ka', `${number}`], remove: ['kb'] }),
    )
    for (const each of sent) await here.publish(each, KEEP)
    const { batches, after, lost } = await look(there, begin.after)
    const same = JSON.stringify(batches) === JSON.stringify(sent)
    assert(same && !lost, 'all that was published after the position, as it was published')
    const rest = await look(there, after)
    assert(rest.batches.length === 0 && !rest.lost, 'and none of it twice')
    assert((await look(there, rest.after)).batches.length === 0, 'nor where nothing has come')
  },

  'changes() begins where nothing was ever published': async (trial) => {
    const { here, there, incarnation, batch, look } = trial
    const { after } = await look(there)
    await here.publish(batch(incarnation(), 1), KEEP)
    const { batches, lost } = await look(there, after)
    assert(batches.length === 1 && !lost, 'the first batch of all is given')
  },

  'changes() gives the rest in the next call': async (trial) => {
    const { here, there, incarnation, batch, look } = trial
    const one = incarnation()
    let { after } = await look(there)
    for (let number = 1; number <= 1_500; number += 50) {
      const some = Array.from({ length: 50 }, (_, at) => batch(one, number + at))
      await Promise.all(some.map((each) => here.publish(each, KEEP)))
    }
    const numbers: number[] = []
    for (let calls = 0; calls < 5; calls++) {
      const page = await look(there, after)
      assert(page.batches.length <= 1_000, 'at most 1,000 at once')
      assert(!page.lost, 'nothing is lost')
      numbers.push(...(page.batches as Batch[]).map(({ number }) => number))
      after = page.after
    }
    assert(
      numbers.length === 1_500 && new Set(numbers).size === 1_500,
      'and all of them in the end',
    )
  },

  'changes() waits, and is woken': async ({ here, there, incarnation, batch, look }) => {
    const one = incarnation()
    const { after } = await look(there)
    const ending = new AbortController()
    const waiting = there.changes({ after, wait: 5_000, signal: ending.signal })
    await here.publish(batch(one, 1), KEEP)
    const { batches } = await waiting
    assert((batches as Batch[])[0]?.incarnation === one, 'what comes during the wait is given')
    const soon = await there.changes({ after, wait: 5_000, signal: ending.signal })
    assert(soon.batches.length === 1, 'what is there needs no wait')
    ending.abort()
  },

  'changes() waits no longer than it was told': async ({ there, look }) => {
    const { after } = await look(there)
    const ending = new AbortController()
    const { batches } = await there.changes({ after, wait: 50, signal: ending.signal })
    assert(batches.length === 0, 'a wait for nothing ends')
    ending.abort()
  },

  'an abort ends the wait': async ({ there, look }) => {
    const { after } = await look(there)
    const ending = new AbortController()
    const waiting = there
      .changes({ after, wait: 60_000, signal: ending.signal })
      .catch(() => undefined)
    setTimeout(() => ending.abort(), 50)
    await waiting
  },
}
