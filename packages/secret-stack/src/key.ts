/// <reference path="./ssb-ref.d.ts" />
import { HubError, type PeerKey } from '@conn-hub/core'
import ref from 'ssb-ref'

/** An address may be this long; the hub's own limit is the same. */
export const MAX_LENGTH = 4096

/**
 * ssb-ref runs a general parser, in time that grows with the square of the length: 0.4 ms for an ordinary
 * address, a second for 4 KiB. What goes there is kept short.
 */
const MAX_ESCAPED_LENGTH = 512

const PROTOCOL = '[a-z][a-z0-9-]+(?::["-9<-}]*)*'
const ADDRESS = `${PROTOCOL}(?:~${PROTOCOL})*`
/** Any multiserver-address without escapes. No two parts can match the same character, so it takes linear time. */
const UNESCAPED = new RegExp(`^${ADDRESS}(?:;${ADDRESS})*$`)

/**
 * The key that an address names: the one on which all its alternatives (parted by `;`) that have an `shs` agree.
 * Where they disagree it names none: whoever wrote it could put a key in front that another alternative does not lead to.
 * Throws a `HubError` where it is no multiserver-address.
 */
export const readKey = (address: string): PeerKey | undefined => {
  if (typeof address !== 'string') throw invalid()
  if (address.length > MAX_LENGTH) throw tooLong(address, MAX_LENGTH)
  if (UNESCAPED.test(address)) return agreed(address.split(';').map(keyOfUnescaped))
  if (!address.includes('!')) throw invalid()
  if (address.length > MAX_ESCAPED_LENGTH) throw tooLong(address, MAX_ESCAPED_LENGTH)
  return agreed(keysByRef(address))
}

/** An alternative without an `shs` has no voice; one that has it, and no data, says that there is no key. */
type Said = PeerKey | 'no-key' | undefined

const agreed = (all: readonly Said[]): PeerKey | undefined => {
  let only: Said
  for (const said of all) {
    if (only !== undefined && said !== undefined && said !== only) return undefined
    only ??= said
  }
  return only === 'no-key' ? undefined : only
}

/** The data of the first protocol whose name begins so. */
const SHS = /(?:^|~)shs[^:~]*(?::([^:~]*))?/

const keyOfUnescaped = (alternative: string): Said => {
  const found = SHS.exec(alternative)
  return found ? toKey(found[1]) : undefined
}

/** Parts at each `;` that is not escaped. */
const ALTERNATIVE = /(?:[^!;]|!.)+/g

const keysByRef = (address: string): Said[] => {
  try {
    ref.toMultiServerAddress(address)
  } catch {
    throw invalid()
  }
  return (address.match(ALTERNATIVE) ?? []).map((alternative) => {
    const key = ref.getKeyFromAddress(alternative)
    return key === undefined ? undefined : toKey(key.slice('@'.length, -'.ed25519'.length))
  })
}

/** ssb-ref says `@undefined.ed25519` where there is none. */
const toKey = (data: string | undefined): Said =>
  data && data !== 'undefined' ? `@${data}.ed25519` : 'no-key'

const invalid = (): HubError =>
  new HubError(
    'INVALID_ADDRESS',
    'This is no multiserver-address. One looks like net:HOST:PORT~shs:KEY.',
  )

const tooLong = ({ length }: string, limit: number): HubError =>
  new HubError('ADDRESS_TOO_LONG', `Such an address may have ${limit} characters, not ${length}.`)
