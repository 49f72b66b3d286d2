import { isCount, parsed } from '../edges/guards.js'

/** The form in which machines publish, and what each record begins with. A machine of another one is left out, and told. */
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

/** A list: it comes with each batch, and each follower reads it. */
export const packRecord = (record: MachineRecord): string => {
  const { number, whole, lease, until, sessions, draining } = record
  return JSON.stringify([VERSION, number, whole, lease, until, sessions, draining])
}

/** `other-version` and `foreign` are left out. */
export const readRecord = (
  text: string | undefined,
): MachineRecord | 'other-version' | 'foreign' => {
  const record = text === undefined ? undefined : parsed(text)
  if (!Array.isArray(record) || !isCount(record[0])) return 'foreign'
  const [version, number, whole, lease, until, sessions, draining] = record
  if (version !== VERSION) return 'other-version'
  const isOurs =
    isCount(number) &&
    typeof whole === 'boolean' &&
    isCount(lease) &&
    typeof until === 'number' &&
    isCount(sessions) &&
    typeof draining === 'boolean'
  return isOurs ? { number, whole, lease, until, sessions, draining } : 'foreign'
}

/** The name in `NAME/START`. */
export const machineOf = (incarnation: string): string => {
  const slash = incarnation.lastIndexOf('/')
  return slash > 0 ? incarnation.slice(0, slash) : incarnation
}
