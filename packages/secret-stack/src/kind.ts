import ipaddr from 'ipaddr.js'

/** The sort of link that an address leads to. */
export type Kind = 'bt' | 'dht' | 'internet' | 'lan' | 'tunnel'

/** `net:HOST:PORT` and `ws://HOST:PORT`, the last with or without a path. */
const HOST = /^(?:net:|wss?:\/\/)(.*):\d+(?:\/.*)?$/
const BY_PROTOCOL = /^(bt|dht|tunnel):/
const LAN_RANGES = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'unspecified'])

/** Guesses from the text alone; never throws, and looks nothing up. A host name counts as `internet`. */
export const kindOf = (address: string): Kind | undefined => {
  const transport = firstTransport(address)
  const named = BY_PROTOCOL.exec(transport)?.[1]
  if (named) return named as Kind
  const host = HOST.exec(transport)?.[1]
  return host === undefined ? undefined : kindOfHost(host)
}

/** The first address, up to its transforms, without escapes. */
const firstTransport = (address: string): string => {
  if (!address.includes('!')) return /^[^~;]*/.exec(address)?.[0] ?? ''
  return (/^(?:[^!~;]|!.)*/.exec(address)?.[0] ?? '').replace(/!(.)/g, '$1')
}

const kindOfHost = (host: string): 'internet' | 'lan' => {
  try {
    const range = ipaddr.process(host.replace(/^\[(.*)\]$/, '$1')).range()
    return LAN_RANGES.has(range) ? 'lan' : 'internet'
  } catch {
    // No IP address.
    return 'internet'
  }
}
