import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ConnHub } from '../../../../packages/ssb-conn-hub/src/conn-hub.js'
import { addressesWith } from './addresses.js'
import { chance } from './chance.js'
import { anything, outcomeOf } from './stage.js'
import { DIALING, OPEN, StubSbot } from './stub-sbot.js'

const address = fc.oneof(
  fc.constantFrom(OPEN, DIALING),
  addressesWith('net:h:1~shs:'),
  // What comes over muxrpc, from an app of another process.
  fc.jsonValue(),
)
const data = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), anything)

const calls = fc.record({
  call: fc.constantFrom('connect', 'disconnect', 'update', 'getState'),
  given: fc.tuple(address, data),
})

const OUTCOMES = ['taken', 'INVALID_ADDRESS', 'ADDRESS_TOO_LONG', 'INVALID_DATA', 'ECONNREFUSED']

it('every call of the drop-in takes what it is given, or refuses it by a code and leaves everything as it was', async () => {
  const property = fc.asyncProperty(calls, async ({ call, given }) => {
    const ssb = new StubSbot()
    const hub = new ConnHub(ssb)
    const look = () => [JSON.stringify([...hub.entries()]), ssb.dials]
    hub.connect(DIALING).catch(() => {})
    ssb.comesIn()
    const before = look()
    const outcome = outcomeOf(() => (hub[call] as (...given: unknown[]) => unknown)(...given))
    const refused = await Promise.race([outcome, new Promise(setImmediate)])
    if (typeof refused === 'string' && !['taken', 'ECONNREFUSED'].includes(refused)) {
      expect(look()).toEqual(before)
    }
    ssb.failAll()
    hub.close()
    expect(OUTCOMES).toContain(await outcome)
  })
  await fc.assert(property, chance)
})
