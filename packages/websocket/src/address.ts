import { type Address, type Description, HubError } from '@conn-hub/core'

/** Addresses of links that others opened begin so. */
export const INBOUND = 'ws-in:'

/**
 * A URL as an address, in the one spelling that the parser of URLs gives it: two spellings would be two entries of a hub.
 *
 * @param url A `ws:` or `wss:` URL; `http:` and `https:` become those.
 * @param base What a relative URL is relative to; in a page `location.href`.
 * @throws `HubError` with the code `INVALID_ADDRESS`.
 *
 * @example
 * toAddress('/chat', 'https://example.com/app') // 'wss://example.com/chat'
 */
export const toAddress = (url: string, base?: string): Address => {
  try {
    return readUrl(new URL(url, base).href.replace(/^http/, 'ws')).href
  } catch (cause) {
    const what = `This is no address: ${(cause as Error).message}`
    throw new HubError('INVALID_ADDRESS', what, { cause })
  }
}

/** What an address says of itself. Throws where it is none. */
export const describeAddress = (address: Address): Description => {
  if (address.startsWith(INBOUND)) return { kind: 'ws-in' }
  return { kind: readUrl(address).protocol.slice(0, -1) }
}

/** The URL to dial. Throws where the address cannot be dialed. */
export const toDial = (address: Address): URL => {
  if (!address.startsWith(INBOUND)) return readUrl(address)
  throw new HubError(
    'NOT_DIALABLE',
    'The other side opened this link: nobody listens at its address.',
  )
}

/** What it throws is no `HubError`: a hub says `INVALID_ADDRESS` of it. */
const readUrl = (address: Address): URL => {
  // The parser takes spaces and control characters out, so that one could not see them.
  if (!/^wss?:\/\/[^\s\p{Cc}\\]+$/u.test(address))
    throw new Error('It must begin with ws:// or wss://, as in wss://example.com/path.')
  // A fragment is never sent, and addresses are shown and logged.
  if (/#|^\w+:\/\/[^/?]*@/.test(address))
    throw new Error('It must have no "#", no user and no password.')
  return new URL(address)
}
