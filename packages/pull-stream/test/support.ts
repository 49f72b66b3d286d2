import { createHub } from '@conn-hub/core'
import type { End, Source } from '@conn-hub/pull-stream'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { vi } from 'vitest'

/** A hub, `open(name)` to let the peer at `fault:NAME` connect, and how many subscriptions of the hub are alive. */
export const setup = () => {
  const transport = createFaultTransport()
  const onError = vi.fn()
  const { hub, subscriptions } = countSubscriptions(createHub({ transport, onError }))
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return { hub, onError, open, transport, subscriptions }
}

/** What a source answered to a call: items, and `end` or an error last. */
export type Answers<T> = (T | 'end' | Error)[]

/** Calls a source once. The answer appears in the array once it is there. */
export const read = <T>(source: Source<T>, abort: End = null): Answers<T> => {
  const answers: Answers<T> = []
  source(abort, (end, item) => {
    answers.push(end instanceof Error ? end : end ? 'end' : (item as T))
  })
  return answers
}

/** Everything that can be had without waiting. */
export const readAll = <T>(source: Source<T>): Answers<T> => {
  const all: Answers<T> = []
  for (;;) {
    const answers = read(source)
    all.push(...answers)
    if (answers.length === 0 || answers[0] === 'end' || answers[0] instanceof Error) return all
  }
}
