import { createHub } from '@conn-hub/core'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import fc from 'fast-check'
import { addresses } from './addresses.js'
import { type Make, oneOf, unless } from './make.js'
import { data, optionsOf } from './options.js'
import { DIALING, OPEN, StubSbot } from './stub-sbot.js'
import type { Target } from './targets.js'
import { hostile } from './values.js'

const known: fc.Arbitrary<Make> = fc.oneof(
  { arbitrary: addresses, weight: 2 },
  oneOf(DIALING, OPEN, OPEN.replace('b', 'c')),
)

const aFunction = fc.oneof({ arbitrary: oneOf(() => {}), weight: 3 }, hostile)
const sbots = optionsOf({
  id: hostile,
  ready: aFunction,
  connect: aFunction,
  addListener: aFunction,
  removeListener: aFunction,
})

/** As ssb-conn-hub says it: apps compare that. */
const words = { INVALID_ADDRESS: 'The given address is not a valid multiserver-address' }

/** The adapter, and the drop-in with the contract of ssb-conn-hub. */
export const SBOTS: readonly Target[] = [
  {
    name: 'describeAddress',
    given: fc.tuple(addresses),
    call: (_, [address]) => describeAddress(address as string),
  },
  {
    name: 'toTransport().describe',
    given: fc.tuple(addresses),
    call: (_, [address]) => toTransport(new StubSbot()).describe(address as string),
  },
  {
    name: 'connect, over an sbot that is',
    async: true,
    given: fc.tuple(sbots),
    call: async (stage, [ssb]) => {
      const hub = createHub({ transport: toTransport(ssb as never), onError: () => {} })
      const connected = hub.connect(DIALING)
      const closed = hub.close()
      stage.keep(connected)
      stage.keep(closed)
      await connected.catch(unless('HUB_CLOSED', 'DIAL_FAILED'))
    },
  },
  {
    name: 'drop-in connect',
    words,
    weight: 2,
    async: true,
    given: fc.tuple(known, data),
    call: ({ dropIn }, [address, data]) => dropIn.connect(address as string, data as object),
  },
  {
    name: 'drop-in disconnect',
    words,
    async: true,
    given: fc.tuple(known),
    call: ({ dropIn }, [address]) => dropIn.disconnect(address as string),
  },
  {
    name: 'drop-in update',
    words,
    weight: 2,
    given: fc.tuple(known, fc.oneof(data, hostile)),
    call: ({ dropIn }, [address, data]) => dropIn.update(address as string, data as object),
  },
  {
    name: 'drop-in getState',
    words,
    given: fc.tuple(known),
    call: ({ dropIn }, [address]) => dropIn.getState(address as string),
  },
]
