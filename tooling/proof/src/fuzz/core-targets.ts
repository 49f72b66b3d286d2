import { createHub, isHubError } from '@conn-hub/core'
import fc from 'fast-check'
import { addresses, addressesThere } from './addresses.js'
import { type Make, oneOf } from './make.js'
import { data, optionsOf } from './options.js'
import { signal } from './signals.js'
import type { Target } from './targets.js'
import { delay, hostile, text } from './values.js'

const anySignal = fc.oneof({ arbitrary: signal, weight: 4 }, hostile)
const anyDelay = fc.oneof({ arbitrary: delay, weight: 2 }, hostile)

export const connectOptions = optionsOf({
  data,
  key: fc.oneof(text, hostile),
  signal: anySignal,
  timeout: anyDelay,
})
const disconnectOptions = optionsOf({ reason: fc.oneof(text, hostile), signal: anySignal })
const listenOptions = optionsOf({ signal: anySignal })
export const eventsOptions = optionsOf({
  signal: anySignal,
  capacity: fc.oneof(oneOf(1, 8, 1_000_000, 1_000_001, 0, 1.5), hostile),
  overflow: fc.oneof(oneOf('drop-oldest', 'drop-newest', 'drop-all'), hostile),
})

const types = fc.oneof(
  oneOf('*', 'change', 'close', 'connected', 'disconnected', '__proto__', 'toString'),
  hostile,
)
const functions: readonly Make[] = [
  () => () => {},
  () => () => {
    throw new Error('a listener that throws')
  },
  () => () => Promise.reject(new Error('a listener that rejects')),
]
const listeners = fc.oneof({ arbitrary: fc.constantFrom(...functions), weight: 3 }, hostile)
const views = fc.oneof(oneOf('events', 'entries', 'changes', '__proto__', 'Events'), hostile)

const working = { describe: () => ({}), dial: () => {} }
const aFunction = fc.oneof(
  oneOf(
    () => {},
    () => ({}),
    () => () => {},
  ),
  hostile,
)
const hubOptions = optionsOf({
  transport: fc.oneof(
    oneOf(working),
    optionsOf({ describe: aFunction, dial: aFunction, listen: aFunction, self: hostile }),
  ),
  dialTimeout: anyDelay,
  closeTimeout: anyDelay,
  onError: fc.oneof(fc.constantFrom(...functions), hostile),
})

export const CORE: readonly Target[] = [
  {
    name: 'createHub',
    given: fc.tuple(hubOptions),
    call: (stage, [options]) => {
      const hub = createHub(options as never)
      stage.keep(hub.close())
    },
  },
  {
    name: 'connect',
    weight: 4,
    async: true,
    given: fc.tuple(addresses, connectOptions),
    call: ({ hub }, [address, options]) => hub.connect(address as string, options as object),
  },
  {
    name: 'disconnect',
    weight: 2,
    async: true,
    given: fc.tuple(addressesThere, disconnectOptions),
    call: ({ hub }, [address, options]) => hub.disconnect(address as string, options as object),
  },
  {
    name: 'update',
    weight: 3,
    given: fc.tuple(addressesThere, data),
    call: ({ hub }, [address, data]) => hub.update(address as string, data as never),
  },
  {
    name: 'get',
    given: fc.tuple(addresses),
    call: ({ hub }, [address]) => hub.get(address as string),
  },
  {
    name: 'getState',
    given: fc.tuple(addresses),
    call: ({ hub }, [address]) => hub.getState(address as string),
  },
  {
    name: 'byKey',
    given: fc.tuple(addresses),
    call: ({ hub }, [key]) => hub.byKey(key as string),
  },
  {
    name: 'on',
    weight: 2,
    given: fc.tuple(types, listeners, listenOptions),
    call: ({ hub }, [type, listener, options]) => {
      hub.on(type as never, listener as never, options as object)
    },
  },
  {
    name: 'view',
    weight: 2,
    given: fc.tuple(views, eventsOptions),
    call: ({ hub }, [name, options]) => {
      const view = hub.view(name as never, options as object)
      view.start(() => {})
      view.take()
      view.stop()
    },
  },
  {
    name: 'reset',
    async: true,
    given: fc.tuple(fc.oneof(text, hostile)),
    call: ({ hub }, [reason]) => hub.reset(reason as string),
  },
  {
    name: 'isHubError',
    given: fc.tuple(hostile),
    call: (_, [error]) => isHubError(error),
  },
]
