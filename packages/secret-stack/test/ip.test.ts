import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { describeAddress } from '../src/index.js'

// ssb-ref brings `ip`, of which advisories are open (`isPublic`, `isPrivate` take some private addresses for public).
const require = createRequire(import.meta.url)
const ip: Record<string, unknown> = createRequire(require.resolve('ssb-ref'))('ip')
const ref = require('ssb-ref')

afterEach(() => void vi.restoreAllMocks())

const spyOnAll = () =>
  Object.keys(ip)
    .filter((name) => typeof ip[name] === 'function')
    .map((name) => vi.spyOn(ip as Record<string, () => unknown>, name))

const KEY = 'DQjvp5jmMZ3JC4GRYrSSCKsR9yBiuFNJHdbEkcjZlfo='

const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('127.1', '::ffff:1', '0x7f.1'),
)
const part = fc.oneof(
  host.map((name) => `net:${name}:8008~shs:${KEY}`),
  // An escape is what leads to ssb-ref's own parser.
  host.map((name) => `net:${name.replaceAll(':', '!:')}:8008~shs:${KEY}`),
  fc.string({ maxLength: 60 }).map((text) => `net:${text}!`),
)

it('no function of ip, which ssb-ref brings, runs for any address', () => {
  const spies = spyOnAll()
  expect(spies.length).toBeGreaterThan(10)
  const describeAny = (address: string) => {
    try {
      describeAddress(address)
    } catch {}
  }
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      describeAny(parts.join(';'))
    }),
    { numRuns: 500 },
  )
  expect(spies.filter((spy) => spy.mock.calls.length > 0).map((spy) => spy.getMockName())).toEqual(
    [],
  )
})

it('the spies see it where ssb-ref is asked for a host', () => {
  const spies = spyOnAll()
  ref.isAddress(`127.0.0.1:8008:@${KEY}.ed25519`)
  expect(spies.some((spy) => spy.mock.calls.length > 0)).toBe(true)
})
