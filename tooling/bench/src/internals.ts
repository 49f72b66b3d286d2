// Core does not export its event bus, nor what its views are made of. They are bundled from the sources, as they are
// in what is published, so that they can be measured without the rest of the hub.
import { EventBus } from '../../../packages/core/src/event-bus.js'
import { createView } from '../../../packages/core/src/views.js'

export { EventBus }

export interface TestEvent {
  readonly type: 'connected'
  readonly value: number
}

/** The views of a hub, and nothing else of it: events come from `emit`, and cost no more than one. */
export const createEventSource = () => {
  const bus = new EventBus<Record<string, unknown>>((error) => {
    throw error
  })
  const listenable = {
    on: (type: string, listener: (event: never) => unknown) => bus.on(type, listener as never),
    snapshot: () => [],
    closed: false,
  }
  const noTracker = () => {
    throw new Error('these events have no entries')
  }
  const view = (name: 'events', options?: object) =>
    createView(listenable as never, noTracker, name, options)
  return { hub: { view } as never, emit: (event: TestEvent) => bus.emit('*', event) }
}
