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
  let parsed: URL
  try {
    parsed = new URL(url, base)
  } catch (cause) {
    throw invalid('This is no URL', cause)
  }
  return readUrl(parsed.href.replace(/^http/, 'ws')).href
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
    'This is the address of a link that the other side opened: nobody listens there.',
  )
}

const readUrl = (address: string): URL => {
  // The parser takes spaces and control characters out, so that one could not see them.
  if (!/^wss?:\/\/[^\s\p{Cc}\\]+$/u.test(address))
    throw invalid('It must begin with ws:// or wss://')
  let url: URL
  try {
    url = new URL(address)
  } catch (cause) {
    throw invalid('This is no URL', cause)
  }
  if (address.includes('#')) throw invalid('It must have no "#": a fragment is never sent')
  if (/^[^/]*\/\/[^/?]*@/.test(address)) {
    throw invalid('It must have no user and no password: addresses are shown and logged')
  }
  return url
}

const invalid = (what: string, cause?: unknown): HubError =>
  new HubError('INVALID_ADDRESS', `${what}. An address looks like wss://example.com/path.`, {
    cause,
  })
