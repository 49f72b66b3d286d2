import { createHub } from '@conn-hub/core'
import fc from 'fast-check'
import { addresses } from './addresses.js'
import { type Make, oneOf, unless } from './make.js'
import { optionsOf } from './options.js'
import type { Target } from './targets.js'
import { hostile } from './values.js'

const aFunction = fc.oneof(
  { arbitrary: oneOf(() => {}), weight: 3 },
  fc.constantFrom<Make>(() => () => {
    throw new Error('a session that throws')
  }),
  hostile,
)
const sessions = optionsOf({
  handle: hostile,
  direction: fc.oneof({ arbitrary: oneOf('inbound', 'outbound'), weight: 3 }, hostile),
  key: fc.oneof(oneOf('a', 'me', '__proto__', undefined), hostile),
  kind: fc.oneof(oneOf('lan', undefined), hostile),
  close: aFunction,
  onClosed: aFunction,
})

/** What a broken transport hands to the hub: it must not throw back at it. */
export const PORT: readonly Target[] = [
  {
    name: 'connect, where describe() gives',
    async: true,
    given: fc.tuple(fc.oneof(hostile, optionsOf({ key: hostile, kind: hostile }))),
    call: (stage, [description]) => {
      const transport = { ...stage.transport, listen: undefined, describe: () => description }
      const hub = createHub({ transport: transport as never, onError: () => {} })
      const connected = hub.connect('fault:any')
      stage.keep(connected)
      stage.keep(hub.close())
      return connected.catch(unless('HUB_CLOSED'))
    },
  },
  {
    name: 'accept',
    leavesSessions: true,
    given: fc.tuple(fc.oneof(optionsOf({ address: addresses, session: sessions }), hostile)),
    call: ({ transport }, [inbound]) => transport.acceptAnything(inbound),
  },
  {
    name: 'attempt.succeed',
    leavesSessions: true,
    given: fc.tuple(fc.oneof(sessions, hostile)),
    call: ({ transport }, [session]) => transport.lastDial.attempt.succeed(session as never),
  },
  {
    name: 'attempt.fail',
    given: fc.tuple(hostile),
    call: ({ transport }, [error]) => transport.lastDial.attempt.fail(error),
  },
]
