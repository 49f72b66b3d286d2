import { type End, listen, liveEntries, type Source } from '@conn-hub/pull-stream'
import type { FaultSession } from '@conn-hub/testkit'
import fc from 'fast-check'
import createNotify from 'pull-notify'
import { expect, it } from 'vitest'
import { setup } from './support.js'

// pull-notify is what apps of this kind used before. Where its contract is ours, ours answers each call as it does:
// the same answers to the same calls, in the same order. It has no signal, no bound, and no end by a hub that closes
// while it holds entries back; those are held by the other tests.

/** The calls of one reader at one source, and what was answered to which. */
class Reader<T> {
  readonly log: string[] = []
  readonly #source: Source<T>
  readonly #readsOn: boolean
  readonly #nameOf: (item: T) => string
  #calls = 0
  #waits = false

  constructor(source: Source<T>, readsOn: boolean, nameOf: (item: T) => string) {
    this.#source = source
    this.#readsOn = readsOn
    this.#nameOf = nameOf
  }

  /** A reader must not read while it waits. */
  read(): void {
    if (!this.#waits) this.#call(null)
  }

  abort(end: End): void {
    this.#call(end)
  }

  #call(abort: End): void {
    const call = ++this.#calls
    if (!abort) this.#waits = true
    this.#source(abort, (end, item) => {
      if (!abort) this.#waits = false
      // One says null with an item, the other undefined: both mean that the stream goes on.
      this.log.push(`${call}: ${end ? String(end) : this.#nameOf(item as T)}`)
      if (!end && this.#readsOn) this.read()
    })
  }
}

type Step =
  | { readonly do: 'listen'; readonly readsOn: boolean }
  | { readonly do: 'event' | 'close' }
  | { readonly do: 'read'; readonly reader: number }
  | { readonly do: 'abort'; readonly reader: number; readonly end: End }

const reader = fc.nat({ max: 2 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('listen'), readsOn: fc.boolean() }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('event') }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('read'), reader }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('abort'),
      reader,
      end: fc.constantFrom<End>(true, new Error('enough')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close') }) },
) as fc.Arbitrary<Step>

/** Plays the same steps on a hub and on a notifier that hears each event of it; after each, both logs are equal. */
const playBoth = <T>(
  steps: readonly Step[],
  ours: (hub: ReturnType<typeof setup>['hub']) => Source<T>,
  tell: (hub: ReturnType<typeof setup>['hub'], notify: (item: T) => void) => void,
  nameOf: (item: T) => string,
  begin: (hub: ReturnType<typeof setup>['hub']) => readonly T[] = () => [],
): number => {
  const { hub, open } = setup()
  const notify = createNotify<T>()
  tell(hub, notify)
  hub.on('close', () => notify.end())
  const pairs: { ours: Reader<T>; theirs: Reader<T> }[] = []
  let session: FaultSession | undefined
  for (const step of steps) {
    const pair = 'reader' in step ? pairs.at(-1 - step.reader) : undefined
    if (step.do === 'listen' && !hub.closed) {
      const listener = notify.listen() as Source<T> & { push(item: T): void }
      for (const item of begin(hub)) listener.push(item)
      const next = {
        ours: new Reader(ours(hub), step.readsOn, nameOf),
        theirs: new Reader<T>(listener, step.readsOn, nameOf),
      }
      pairs.push(next)
      if (step.readsOn) for (const side of [next.ours, next.theirs]) side.read()
    } else if (step.do === 'event' && !hub.closed) {
      if (session?.isOpen) session.end()
      else session = open('a')
    } else if (step.do === 'close') hub.close()
    else if (step.do === 'read') for (const side of ['ours', 'theirs'] as const) pair?.[side].read()
    else if (step.do === 'abort') {
      for (const side of ['ours', 'theirs'] as const) pair?.[side].abort(step.end)
    }
    for (const { ours, theirs } of pairs) expect(ours.log).toEqual(theirs.log)
  }
  return pairs.reduce((sum, { ours }) => sum + ours.log.length, 0)
}

const steps = fc
  .array(anyStep, { maxLength: 60, size: 'max' })
  .map((steps): Step[] => [{ do: 'listen', readsOn: false }, ...steps])

it('listen() answers each call as a listener of pull-notify does', () => {
  let answers = 0
  const property = fc.property(steps, (steps) => {
    answers += playBoth(
      steps,
      listen,
      (hub, notify) => hub.on('*', notify),
      ({ seq }) => `event ${seq}`,
    )
  })
  fc.assert(property, { seed: 1, numRuns: 500 })
  expect(answers).toBeGreaterThan(3_000)
})

it('liveEntries() answers a reader that keeps up as a listener of pull-notify does, which begins with all entries', () => {
  // Who reads slowly gets the newest array alone: there the contracts part.
  const keepsUp = steps.map((steps) =>
    steps
      .filter((step) => step.do !== 'read')
      .map((step) => (step.do === 'listen' ? { ...step, readsOn: true } : step)),
  )
  let answers = 0
  const property = fc.property(keepsUp, (steps) => {
    answers += playBoth(
      steps,
      liveEntries,
      (hub, notify) => hub.on('change', () => notify(hub.snapshot())),
      (entries) => entries.map(({ address, state }) => `${address} ${state}`).join(),
      (hub) => [hub.snapshot()],
    )
  })
  fc.assert(property, { seed: 1, numRuns: 500 })
  expect(answers).toBeGreaterThan(3_000)
})
