import { EventEmitter, on } from 'node:events'
import { events } from '@conn-hub/async-iterator'
import { createEventSource, type TestEvent } from '../internals.js'
import { loadPeer } from '../peers.js'

/** Somebody pushes events in; somebody takes them out by `next()`. */
export interface Channel {
  push(event: TestEvent): unknown
  readonly reader: AsyncIterator<unknown>
}

export type OpenChannel = () => Promise<Channel>

/** So many may wait: our default, and what the others get too where they ask. */
export const CAPACITY = 1_000

const ours: OpenChannel = async () => {
  const { hub, emit } = createEventSource()
  return { push: emit, reader: events(hub) }
}

const node: OpenChannel = async () => {
  const emitter = new EventEmitter()
  return { push: (event) => emitter.emit('event', event), reader: on(emitter, 'event') }
}

const itPushable: OpenChannel = async () => {
  type Pushable = AsyncIterator<unknown> & { push(event: TestEvent): void }
  type Loaded = { pushable(options: { objectMode: true }): Pushable }
  const { pushable } = await loadPeer<Loaded>('it-pushable')
  const reader = pushable({ objectMode: true })
  return { push: (event) => reader.push(event), reader }
}

const repeater: OpenChannel = async () => {
  type Push = (event: TestEvent) => Promise<unknown>
  type Loaded = {
    Repeater: new (start: (push: Push) => void, buffer: unknown) => AsyncIterator<unknown>
    SlidingBuffer: new (capacity: number) => unknown
  }
  const { Repeater, SlidingBuffer } = await loadPeer<Loaded>('@repeaterjs/repeater')
  let push: Push | undefined
  const reader = new Repeater((given) => {
    push = given
  }, new SlidingBuffer(CAPACITY))
  return { push: (event) => push?.(event), reader }
}

export const ITERATORS: Record<string, OpenChannel> = {
  ours,
  'it-pushable 3.2.4': itPushable,
  '@repeaterjs/repeater 3.1.0': repeater,
  "Node's events.on": node,
}
