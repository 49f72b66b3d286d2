// Core does not export its event bus. It is bundled from the sources, as it is in what is published, so that it can be
// measured without the rest of the hub.
import { createEventBus } from '../../../packages/core/src/state/event-bus.js'

export { createEventBus }

export interface TestEvent {
  readonly type: 'connected'
  readonly value: number
}

/** What a view needs of a hub, and nothing else of it: events come from `emit`, and cost no more than one. */
export const createEventSource = () => {
  const bus = createEventBus<Record<string, unknown>>((error) => {
    throw error
  })
  const listenable = {
    on: (type: string, listener: (event: never) => unknown) => bus.on(type, listener as never),
    snapshot: () => [],
    closed: false,
  }
  return { hub: listenable as never, emit: (event: TestEvent) => bus.emit('*', event) }
}
