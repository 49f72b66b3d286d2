import {
  type ChangeSet,
  changes,
  events,
  type HubIterator,
  liveEntries,
} from '@conn-hub/async-iterator'
import type { Connection, ConnectionEvent, HubError, Session } from '@conn-hub/core'
import type { FaultSession } from '@conn-hub/testkit'
import { expect, expectTypeOf, it } from 'vitest'
import { setup } from './support.js'

it('infers what each view gives from the hub', () => {
  const { hub } = setup()
  expectTypeOf(events(hub)).toEqualTypeOf<HubIterator<ConnectionEvent<FaultSession>>>()
  expectTypeOf(liveEntries(hub)).toEqualTypeOf<HubIterator<readonly Connection<FaultSession>[]>>()
  expectTypeOf(changes(hub)).toEqualTypeOf<HubIterator<ChangeSet<FaultSession>>>()
})

it('tells the fields of an event by its type', () => {
  const { hub } = setup()
  const read = async () => {
    for await (const event of events(hub)) {
      if (event.type === 'connected') {
        expectTypeOf(event.session).toEqualTypeOf<Session<FaultSession>>()
      } else if (event.type === 'connecting-failed') {
        expectTypeOf(event.error).toEqualTypeOf<HubError>()
      }
      // @ts-expect-error not every event has a session
      event.session
    }
  }
  expectTypeOf(read).returns.resolves.toBeVoid()
})

it('is what for await and the standard library take', () => {
  const { hub } = setup()
  expectTypeOf(events(hub)).toExtend<AsyncIterableIterator<ConnectionEvent<FaultSession>>>()
  expectTypeOf(events(hub)).toExtend<AsyncDisposable>()
})

it('knows its options', () => {
  const { hub } = setup()
  const { signal } = new AbortController()
  events(hub, { signal, capacity: 10, overflow: 'drop-newest' })
  // @ts-expect-error only streams of events have a capacity
  expect(() => liveEntries(hub, { capacity: 10 })).toThrow('There is no option')
  // @ts-expect-error only streams of events have a capacity
  expect(() => changes(hub, { overflow: 'drop-newest' })).toThrow('There is no option')
  // @ts-expect-error a hub is needed
  expectTypeOf(events).toBeCallableWith({})
})
