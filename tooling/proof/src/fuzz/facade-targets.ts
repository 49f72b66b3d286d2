import { changes, events, liveEntries } from '@conn-hub/async-iterator'
import type { Hub } from '@conn-hub/core'
import fc from 'fast-check'
import { eventsOptions } from './core-targets.js'
import { type Make, oneOf } from './make.js'
import { type Source, sources } from './published.js'
import type { Target } from './targets.js'
import { hostile } from './values.js'

/** Stands for the hub of the stage. */
const HUB = Symbol('the hub')
const hubs: fc.Arbitrary<Make> = fc.oneof({ arbitrary: oneOf(HUB), weight: 5 }, hostile)
const given = fc.tuple(hubs, eventsOptions)

/** Facades import types alone: the one error of their own has the code, and not the class. */
const mayThrow = (error: unknown) =>
  error instanceof TypeError && (error as { code?: unknown }).code === 'INVALID_OPTION'

const iterate =
  (make: (hub: Hub<never>, options?: object) => AsyncIterableIterator<unknown>): Target['call'] =>
  (stage, [hub, options]) => {
    const iterator = make((hub === HUB ? stage.hub : hub) as never, options as object)
    stage.keep(iterator.next())
    stage.keep(iterator.return?.() as Promise<unknown>)
  }

const read =
  (make: (hub: Hub<never>, options?: object) => Source): Target['call'] =>
  (stage, [hub, options]) => {
    const source = make((hub === HUB ? stage.hub : hub) as never, options as object)
    stage.keep(new Promise((resolve) => source(null, resolve)))
    stage.keep(new Promise((resolve) => source(true, resolve)))
  }

export const FACADES: readonly Target[] = [
  ...Object.entries({ events, liveEntries, changes }).map(([name, make]) => ({
    name: `async-iterator ${name}`,
    given,
    mayThrow,
    call: iterate(make),
  })),
  ...Object.entries(sources).map(([name, make]) => ({
    name: `pull-stream ${name}`,
    given,
    mayThrow,
    call: read(make),
  })),
]
