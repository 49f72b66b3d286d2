import { type Address, type Hub, HubError, type Metadata } from '@conn-hub/core'
import { checkNames, expect, isMs, isObject, isSignal, isText, MS } from '../edges/check.js'
import type { KeeperOptions, KeepOptions } from '../model/keeper.js'
import { readChance } from '../time/chance.js'
import { readClock } from '../time/clock.js'
import { readOnline } from '../time/online.js'
import type { KeyedPeer } from './intent.js'

export const KEEPER_OPTIONS = [
  'backoff',
  'healthy',
  'pausedBy',
  'clock',
  'random',
  'online',
  'keepAlive',
]

export const readKeeperOptions = (options: KeeperOptions) => {
  checkNames(options, KEEPER_OPTIONS)
  const { backoff = {}, healthy = 15_000, pausedBy = [], keepAlive = false } = options
  checkNames(backoff, ['base', 'max'], 'backoff')
  const { base = 5_000, max = 30_000 } = backoff
  expect(isMs(base), MS, 'backoff.base')
  expect(isMs(max), MS, 'backoff.max')
  expect(base <= max, `at most "backoff.max": it is ${base}, and that is ${max}`, 'backoff.base')
  expect(isMs(healthy), MS, 'healthy')
  const isList = Array.isArray(pausedBy) && pausedBy.every((reason) => typeof reason === 'string')
  expect(isList, 'a list of reasons', 'pausedBy')
  expect(typeof keepAlive === 'boolean', 'true or false', 'keepAlive')
  const clock = readClock(options.clock)
  const random = readChance(options.random)
  const online = readOnline(options.online)
  const reasons: ReadonlySet<string> = new Set(['disconnect', ...pausedBy])
  return {
    backoff: { base, max },
    healthy,
    pausedBy: reasons,
    clock,
    random,
    online,
    keepAlive,
  }
}

export type Settings = ReturnType<typeof readKeeperOptions>

const TARGET = 'an address, or an object with key and addresses'

/** The hub knows what is no address: it throws. */
export const readTarget = (hub: Pick<Hub<unknown>, 'get'>, what: unknown): Address | KeyedPeer => {
  if (!isObject(what)) {
    hub.get(what as Address)
    return what as Address
  }
  expect(!Array.isArray(what), TARGET, 'what')
  checkNames(what, ['key', 'addresses'])
  const { key, addresses } = what
  expect(isText(key), 'a string that is not empty', 'key')
  expect(
    Array.isArray(addresses) && addresses.length > 0,
    'a list of at least one address',
    'addresses',
  )
  for (const address of addresses) hub.get(address)
  return { key, addresses: Object.freeze([...new Set<Address>(addresses)]), next: 0 }
}

export const readKeepOptions = (options: KeepOptions) => {
  checkNames(options, ['data', 'until'])
  const { data, until } = options
  expect(until === undefined || isSignal(until), 'an AbortSignal', 'until')
  return { data: data === undefined ? undefined : copyOf(data), until }
}

/** As the hub would say at each dial, where nobody hears it. */
const copyOf = (data: unknown): Metadata => {
  const prototype = isObject(data) ? Object.getPrototypeOf(data) : undefined
  const isPlain = prototype === null || (prototype && Object.getPrototypeOf(prototype) === null)
  if (!isPlain)
    throw new HubError('INVALID_DATA', 'Metadata must be a plain object of named fields.')
  return { ...(data as Metadata) }
}
