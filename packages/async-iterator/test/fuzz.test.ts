import { changes, events, liveEntries, type Overflow } from '@conn-hub/async-iterator'
import type { Address, Connection } from '@conn-hub/core'
import type { FaultSession } from '@conn-hub/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Answer, Model } from './model.js'
import { setup } from './support.js'

const CAPACITY = 3

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A stream of events and its model, which get the same calls. */
const createPair = (overflow: Overflow) => {
  const { hub, open, subscriptions } = setup()
  const controller = new AbortController()
  const { signal } = controller
  const iterator = events(hub, { signal, capacity: CAPACITY, overflow })
  const model = new Model(CAPACITY, overflow)
  const answers: Answer[] = []
  /** Which calls were answered, in the order of the answers. */
  const order: number[] = []
  let session: FaultSession | undefined
  const calls = {
    push: () => {
      if (session?.isOpen) session.end()
      else session = open('a')
      model.push()
    },
    next: () => {
      const i = answers.push(undefined) - 1
      iterator.next().then(({ done, value }) => {
        answers[i] = done ? 'end' : value.seq
        order.push(i)
      })
      model.next()
    },
    turn: () => Promise.resolve(),
    return: () => {
      iterator.return()
      model.end()
    },
    throw: () => {
      iterator.throw(new Error('thrown in')).catch(() => {})
      model.end()
    },
    abort: () => {
      controller.abort()
      model.end()
    },
    close: () => {
      // An open entry leaves with two events.
      if (hub.size > 0) for (let i = 0; i < 2; i++) model.push()
      hub.close()
      model.closeHub()
    },
  }
  return { calls, model, answers, order, subscriptions }
}

type Call = keyof ReturnType<typeof createPair>['calls']

const anyCall = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Call>('push', 'next') },
  { weight: 3, arbitrary: fc.constant<Call>('turn') },
  { weight: 1, arbitrary: fc.constantFrom<Call>('return', 'throw', 'abort', 'close') },
)

it('answers each next() as the model says, in order, whatever is called when', async () => {
  const property = fc.asyncProperty(
    fc.array(anyCall, { maxLength: 60 }),
    fc.constantFrom<Overflow>('drop-oldest', 'drop-newest'),
    async (names, overflow) => {
      const { calls, model, answers, order, subscriptions } = createPair(overflow)
      for (const name of names) await calls[name]()
      await turn()
      expect(answers).toEqual(model.answers)
      calls.return()
      await turn()
      expect(answers).toEqual(model.answers)
      expect(order).toEqual(answers.map((_, i) => i))
      expect(subscriptions()).toBe(0)
    },
  )
  await fc.assert(property, { seed: 1, numRuns: 500 })
})

type Step = 'a' | 'b' | 'c' | 'update' | 'turn'

it('shows in both live views what the hub shows, however slowly they are read', async () => {
  const anySteps = fc.array(fc.constantFrom<Step>('a', 'b', 'c', 'update', 'turn'))
  const property = fc.asyncProperty(anySteps, fc.nat({ max: 9 }), async (steps, slowness) => {
    const { hub, open } = setup()
    const pause = async () => {
      for (let i = 0; i < slowness; i++) await Promise.resolve()
    }
    let seen: readonly Connection<FaultSession>[] | undefined
    const watch = async () => {
      for await (seen of liveEntries(hub)) await pause()
    }
    const folded = new Map<Address, Connection<FaultSession>>()
    const fold = async () => {
      for await (const { added, changed, removed } of changes(hub)) {
        for (const { address } of added) expect(folded.has(address)).toBe(false)
        for (const { address } of changed) expect(folded.has(address)).toBe(true)
        for (const { address } of removed) expect(folded.delete(address)).toBe(true)
        for (const entry of [...added, ...changed]) folded.set(entry.address, entry)
        await pause()
      }
    }
    const loops = Promise.all([watch(), fold()])

    const sessions = new Map<Step, FaultSession>()
    for (const name of steps) {
      const session = sessions.get(name)
      if (name === 'turn') await Promise.resolve()
      else if (name === 'update') hub.update('fault:a', { updated: true })
      else if (session?.isOpen) session.end()
      else sessions.set(name, open(name))
    }
    await turn()
    expect(seen).toEqual(hub.snapshot())
    expect(new Set(folded.values())).toEqual(new Set(hub.snapshot()))
    await hub.close()
    await loops
    expect(seen).toEqual([])
    expect(folded.size).toBe(0)
  })
  await fc.assert(property, { seed: 1, numRuns: 300 })
})
