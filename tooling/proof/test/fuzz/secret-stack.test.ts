import { createHub } from '@conn-hub/core'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesWith } from './addresses.js'
import { chance } from './chance.js'
import { anything, optionsOf, outcomeOf } from './stage.js'
import { DIALING, OPEN, StubSbot } from './stub-sbot.js'

it('an address of a stranger is described in plain words, or refused by a code', async () => {
  const seen = new Set<string>()
  const property = fc.asyncProperty(addressesWith('net:h:1~shs:'), async (address) => {
    const outcome = await outcomeOf(() => {
      const { key, kind } = describeAddress(address)
      if (key !== undefined) expect(key).toMatch(/^@\S+\.ed25519$/)
      expect(typeof kind).toMatch(/^(string|undefined)$/)
    })
    expect(['taken', 'INVALID_ADDRESS', 'ADDRESS_TOO_LONG']).toContain(outcome)
    seen.add(outcome)
  })
  await fc.assert(property, chance)
  expect(seen.size).toBe(3)
})

const member = fc.oneof(
  fc.constant(() => {}),
  anything,
)
/** The sbot is the app's own, so it hands over objects; what is in them, its peers and plugins have a say in. */
const rpcs = fc
  .tuple(
    fc.oneof(fc.constantFrom(new StubSbot().id, '@a.ed25519', ''), fc.string()),
    optionsOf({
      stream: optionsOf({
        address: fc.oneof(fc.constantFrom(OPEN, DIALING), addressesWith('net:')),
      }),
      meta: anything,
      closed: fc.boolean(),
      on: member,
      close: member,
    }),
  )
  // The handshake gives it.
  .map(([id, rpc]) => ({ ...rpc, id }))

const OUTCOMES = [
  'taken',
  'HUB_CLOSED',
  'TRANSPORT_BROKEN',
  'DIAL_FAILED',
  'SESSION_CLOSED',
  'DIAL_SELF',
  'WRONG_PEER',
]

it('an sbot may hand over an rpc with anything in it: nothing is thrown back at it, and everything settles', async () => {
  const property = fc.asyncProperty(rpcs, fc.boolean(), async (rpc, inbound) => {
    const ssb = new StubSbot()
    const hub = createHub({ transport: toTransport(ssb), closeTimeout: 1, onError: () => {} })
    const outcome = outcomeOf(() => hub.connect(DIALING))
    if (inbound) ssb.hears(rpc)
    else ssb.answer(rpc)
    await hub.close()
    expect(OUTCOMES).toContain(await outcome)
    expect(hub.size).toBe(0)
  })
  await fc.assert(property, chance)
})
