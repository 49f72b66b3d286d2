import { createHub } from '@conn-hub/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesWith } from './addresses.js'
import { chance } from './chance.js'
import {
  anything,
  CLOSING,
  DIALING,
  OPEN,
  openStage,
  optionsOf,
  outcomeOf,
  signals,
} from './stage.js'

const address = fc.oneof(
  fc.constantFrom(OPEN, DIALING, CLOSING, 'fault:me', 'fault:new'),
  addressesWith('fault:'),
  anything,
)
const data = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), anything)
const timeout = fc.constantFrom(1_000, 2 ** 31 - 1, 2 ** 31, 0, 0.5, -1)
const type = fc.constantFrom('*', 'change', 'close', 'connected', '__proto__', 'toString')
const listener = fc.oneof(
  fc.constant(() => {}),
  anything,
)

const connectOptions = optionsOf({
  data,
  key: fc.constantFrom('open', 'other'),
  signal: signals,
  timeout,
})
const disconnectOptions = optionsOf({ reason: fc.string(), signal: signals })

type Call = 'connect' | 'disconnect' | 'update' | 'get' | 'getState' | 'byKey' | 'reset' | 'on'

const of = (call: Call, ...given: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...given).map((values) => ({ call, given: values }))

const calls = fc.oneof(
  { weight: 4, arbitrary: of('connect', address, fc.oneof(connectOptions, anything)) },
  { weight: 2, arbitrary: of('disconnect', address, fc.oneof(disconnectOptions, anything)) },
  { weight: 2, arbitrary: of('update', address, data) },
  of('get', address),
  of('getState', address),
  of('byKey', address),
  of('reset', fc.oneof(fc.string(), anything)),
  of('on', type, listener, optionsOf({ signal: signals })),
)

/** What may be wrong with a call. Whoever refuses with one of these has done nothing else. */
const REFUSALS = [
  'ABORTED',
  'ADDRESS_TOO_LONG',
  'DIAL_SELF',
  'INVALID_ADDRESS',
  'INVALID_DATA',
  'INVALID_OPTION',
]
/** How a call ended that was taken. */
const OUTCOMES = [
  'WRONG_PEER',
  'taken',
  'DIAL_FAILED',
  'CLOSE_TIMEOUT',
  'DIAL_CANCELLED',
  'HUB_CLOSED',
]

it('every call of a hub takes what it is given, or refuses it by a code and leaves everything as it was', async () => {
  const seen = new Set<string>()
  const property = fc.asyncProperty(calls, async ({ call, given }) => {
    const stage = openStage()
    const before = stage.look()
    let answer: unknown
    const outcome = outcomeOf(() => {
      answer = (stage.hub[call] as (...given: readonly unknown[]) => unknown)(...given)
      return answer instanceof Promise ? stage.follow(answer) : answer
    })
    // A refusal by promise is there now, or never comes.
    const refused = await Promise.race([outcome, new Promise(setImmediate)])
    if (REFUSALS.includes(refused as string)) expect(stage.look()).toEqual(before)
    expect(await stage.end()).toBe(0)
    const code = await outcome
    expect([...REFUSALS, ...OUTCOMES]).toContain(code)
    seen.add(code)
  })
  await fc.assert(property, chance)
  expect([...seen]).toEqual(expect.arrayContaining([...REFUSALS, 'taken']))
})

const throws = () => {
  throw new Error('of a transport')
}
const member = fc.oneof(
  fc.constant(() => {}),
  fc.constant(throws),
  anything,
)
const sessions = fc
  .tuple(
    optionsOf({
      handle: anything,
      direction: fc.constantFrom('inbound', 'outbound'),
      key: fc.constantFrom('open', 'me', '__proto__'),
      kind: fc.string(),
      close: member,
      onClosed: member,
    }),
    fc.option(fc.constantFrom('handle', 'direction', 'key', 'close', 'onClosed')),
  )
  // What a transport hands over may throw when it is read.
  .map(([session, trap]) =>
    trap ? Object.defineProperty(session, trap, { get: throws }) : session,
  )

const handOvers = fc.oneof(
  fc.record({ to: fc.constant('accept'), given: fc.record({ address, session: sessions }) }),
  fc.record({ to: fc.constantFrom('accept', 'succeed', 'fail'), given: anything }),
  fc.record({ to: fc.constant('succeed'), given: sessions }),
)

it('a transport may hand over anything: nothing is thrown back at it, and everything settles', async () => {
  const property = fc.asyncProperty(handOvers, async ({ to, given }) => {
    const stage = openStage()
    const { transport } = stage
    if (to === 'accept') transport.acceptAnything(given)
    else if (to === 'succeed') transport.lastDial.attempt.succeed(given as never)
    else transport.lastDial.attempt.fail(given)
    expect(stage.hub.get(OPEN)?.state).toBe('connected')
    expect(await stage.end()).toBe(0)
    expect(stage.hub.size).toBe(0)
  })
  await fc.assert(property, chance)
})

it('a transport may describe an address by anything: the dial goes on, or fails by a code', async () => {
  const description = fc.oneof(optionsOf({ key: fc.string(), kind: fc.string() }), anything)
  const property = fc.asyncProperty(description, async (described) => {
    const transport = { describe: () => described as object, dial: () => {} }
    const hub = createHub({ transport, onError: () => {} })
    const outcome = outcomeOf(() => hub.connect('fault:any'))
    await hub.close()
    expect(['HUB_CLOSED', 'TRANSPORT_BROKEN']).toContain(await outcome)
  })
  await fc.assert(property, chance)
})
