import { isCount, isObject, parsed } from '../edges/guards.js'

/** The form in which machines publish. A machine of another one is left out, and told. */
export const VERSION = 1

/** The field of a hash that holds the record. */
export const RECORD_FIELD = 'm'

/** What a machine says of itself, with each batch. */
export interface MachineRecord {
  /** The number of the batch that it came with. */
  readonly number: number
  /** The hash has all that the machine publishes; until then it is being written. */
  readonly whole: boolean
  /** In ms. */
  readonly lease: number
  /** The end of the lease as it was known then, by the engine's clock, in ms. */
  readonly until: number
  readonly sessions: number
  readonly draining: boolean
}

export const packRecord = (record: MachineRecord): string =>
  JSON.stringify({ v: VERSION, ...record })

/** `other-version` and `foreign` are left out. */
export const readRecord = (
  text: string | undefined,
): MachineRecord | 'other-version' | 'foreign' => {
  const record = text === undefined ? undefined : parsed(text)
  if (!isObject(record) || !isCount(record.v)) return 'foreign'
  if (record.v !== VERSION) return 'other-version'
  const { number, whole, lease, until, sessions, draining } = record
  const isOurs =
    isCount(number) &&
    typeof whole === 'boolean' &&
    isCount(lease) &&
    typeof until === 'number' &&
    isCount(sessions) &&
    typeof draining === 'boolean'
  return isOurs ? { number, whole, lease, until, sessions, draining } : 'foreign'
}

/** The name in `NAME/LIFE`. */
export const machineOf = (incarnation: string): string => {
  const slash = incarnation.lastIndexOf('/')
  return slash > 0 ? incarnation.slice(0, slash) : incarnation
}
