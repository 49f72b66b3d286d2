import type { Connection, ConnectionEvent, HubError, Session } from '@conn-hub/core'
import { type ChangeSet, changes, listen, liveEntries, type Source } from '@conn-hub/pull-stream'
import type { FaultSession } from '@conn-hub/testkit'
import pull from 'pull-stream'
import { expect, expectTypeOf, it } from 'vitest'
import { setup } from './support.js'

it('infers what each view gives from the hub', () => {
  const { hub } = setup()
  expectTypeOf(listen(hub)).toEqualTypeOf<Source<ConnectionEvent<FaultSession>>>()
  expectTypeOf(liveEntries(hub)).toEqualTypeOf<Source<readonly Connection<FaultSession>[]>>()
  expectTypeOf(changes(hub)).toEqualTypeOf<Source<ChangeSet<FaultSession>>>()
})

it('tells the fields of an event by its type', () => {
  const { hub } = setup()
  listen(hub)(null, (_, event) => {
    if (event?.type === 'connected') {
      expectTypeOf(event.session).toEqualTypeOf<Session<FaultSession>>()
    } else if (event?.type === 'connecting-failed') {
      expectTypeOf(event.error).toEqualTypeOf<HubError>()
    }
    // @ts-expect-error not every event has a session
    event?.session
  })
})

it('is a source in the types of pull-stream', () => {
  const { hub } = setup()
  expectTypeOf(listen(hub)).toExtend<pull.Source<ConnectionEvent<FaultSession>>>()
  const types = pull(
    listen(hub),
    pull.map((event) => event.type),
  )
  expectTypeOf(types).toEqualTypeOf<pull.Source<ConnectionEvent<FaultSession>['type']>>()
})

it('knows its options', () => {
  const { hub } = setup()
  const { signal } = new AbortController()
  listen(hub, { signal, capacity: 10, overflow: 'drop-newest' })
  // @ts-expect-error only streams of events have a capacity
  expect(() => liveEntries(hub, { capacity: 10 })).toThrow('There is no option')
  // @ts-expect-error only streams of events have a capacity
  expect(() => changes(hub, { overflow: 'drop-newest' })).toThrow('There is no option')
})
