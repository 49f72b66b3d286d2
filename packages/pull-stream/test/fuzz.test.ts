import { listen, type Overflow } from '@conn-hub/pull-stream'
import type { FaultSession } from '@conn-hub/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { setup } from './support.js'

const CAPACITY = 3

type Answer = number | 'end' | undefined

/** What a source of events must do, in its simplest form. */
const createModel = (overflow: Overflow) => {
  /** In the order of the calls. */
  const answers: Answer[] = []
  let buffer: number[] = []
  let over = false
  let seq = 0
  const answer = (value: Answer) => {
    const waiting = answers.indexOf(undefined)
    if (waiting >= 0) answers[waiting] = value
    return waiting >= 0
  }
  return {
    answers,
    push: () => {
      seq++
      if (over || answer(seq)) return
      if (buffer.length < CAPACITY) buffer.push(seq)
      else if (overflow === 'drop-oldest') buffer = [...buffer.slice(1), seq]
    },
    read: () => answers.push(buffer.shift() ?? (over ? 'end' : undefined)),
    closeHub: () => {
      over = true
      answer('end')
    },
    end: () => {
      over = true
      buffer = []
      answer('end')
    },
  }
}

/** A source of events and its model, which get the same calls. */
const createPair = (overflow: Overflow) => {
  const { hub, open, subscriptions } = setup()
  const controller = new AbortController()
  const { signal } = controller
  const source = listen(hub, { signal, capacity: CAPACITY, overflow })
  const model = createModel(overflow)
  const answers: Answer[] = []
  let session: FaultSession | undefined
  const call = (abort: boolean) => {
    const i = answers.push(undefined) - 1
    source(abort, (end, event) => {
      // A second answer shows as one that no model gives.
      answers[i] = answers[i] !== undefined ? Number.NaN : end ? 'end' : event?.seq
    })
  }
  const calls = {
    push: () => {
      if (hub.closed) return
      if (session?.isOpen) session.end()
      else session = open('a')
      model.push()
    },
    read: () => {
      // A reader must not read while it waits.
      if (answers.at(-1) === undefined && answers.length > 0) return
      call(false)
      model.read()
    },
    abort: () => {
      model.end()
      call(true)
      model.answers.push('end')
    },
    signal: () => {
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
  return { calls, model, answers, subscriptions }
}

type Call = keyof ReturnType<typeof createPair>['calls']

const anyCall = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Call>('push', 'read') },
  { weight: 1, arbitrary: fc.constantFrom<Call>('abort', 'signal', 'close') },
)

it('answers each call as the model says, at once, whatever is called when', () => {
  const property = fc.property(
    fc.array(anyCall, { maxLength: 60 }),
    fc.constantFrom<Overflow>('drop-oldest', 'drop-newest'),
    (names, overflow) => {
      const { calls, model, answers, subscriptions } = createPair(overflow)
      for (const name of [...names, 'abort'] as const) {
        calls[name]()
        expect(answers).toEqual(model.answers)
      }
      expect(subscriptions()).toBe(0)
    },
  )
  fc.assert(property, { seed: 1, numRuns: 500 })
})
