import { isObject } from '../edges/guards.js'
import type { Changes, Found, Renewal } from '../model/engine.js'
import { FleetError } from '../model/errors.js'

/** A name, a stroke, and an incarnation; what is longer others have put there. */
const MAX_INCARNATION = 256

export const isIncarnation = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_INCARNATION

/** Throws `ENGINE_FAILED` where it is none. Leases that are none are left out. */
export const readRenewal = (given: unknown): Renewal => {
  const { epoch, now, held, record, leases } = isObject(given) ? given : {}
  const fits = typeof epoch === 'string' && Number.isFinite(now) && Array.isArray(leases)
  if (!fits) throw nonsense('renew')
  return {
    epoch,
    now: now as number,
    held: held === true,
    record: typeof record === 'string' ? record : undefined,
    leases: leases.filter(isLease),
  }
}

/** Throws `ENGINE_FAILED` where they are none. */
export const readChanges = (given: unknown): Changes => {
  const { after, batches, lost } = isObject(given) ? given : {}
  if (typeof after !== 'string' || !Array.isArray(batches)) throw nonsense('changes')
  return { after, batches, lost: lost === true }
}

/** Throws `ENGINE_FAILED` where they are none. */
export const readFields = (given: unknown): ReadonlyMap<string, string> => {
  if (!(given instanceof Map)) throw nonsense('read')
  for (const [field, value] of given) {
    if (typeof field !== 'string' || typeof value !== 'string') throw nonsense('read')
  }
  return given
}

/** Throws `ENGINE_FAILED` where it is no list. What is none of it is left out. */
export const readFound = (given: unknown): readonly Found[] => {
  if (!Array.isArray(given)) throw nonsense('find')
  return given.filter(isFound)
}

const isLease = (given: unknown): given is Renewal['leases'][number] =>
  Array.isArray(given) && isIncarnation(given[0]) && Number.isFinite(given[1])

const isFound = (given: unknown): given is Found =>
  isObject(given) &&
  isIncarnation(given.incarnation) &&
  typeof given.value === 'string' &&
  Number.isFinite(given.until) &&
  Number.isFinite(given.now)

const nonsense = (name: string) =>
  new FleetError('ENGINE_FAILED', `The engine failed: ${name}() has not given what it must.`)
