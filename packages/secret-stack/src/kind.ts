import ipaddr from 'ipaddr.js'

/** The sort of link that an address leads to. */
export type Kind = 'bt' | 'dht' | 'internet' | 'lan' | 'tunnel'

/** The protocol says it, or the host of `net:HOST:PORT` and `ws://HOST:PORT`, the last with or without a path. */
const LINK = /^(?:(bt|dht|tunnel):|(?:net:|wss?:\/\/)(.*):\d+(?:\/.*)?$)/
const LAN_RANGES = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'unspecified'])

/** Guesses from the text alone; never throws, and looks nothing up. A host name counts as `internet`. */
export const kindOf = (address: string): Kind | undefined => {
  const [, named, host] = LINK.exec(firstTransport(address)) ?? []
  if (named) return named as Kind
  return host === undefined ? undefined : kindOfHost(host)
}

/** The first address, up to its transforms, without escapes. */
const firstTransport = (address: string): string => {
  const end = address.search(/[!~;]/)
  if (end < 0) return address
  if (address[end] !== '!') return address.slice(0, end)
  return (/^(?:[^!~;]|!.)*/.exec(address)?.[0] ?? '').replace(/!(.)/g, '$1')
}

const kindOfHost = (host: string): 'internet' | 'lan' => {
  try {
    return LAN_RANGES.has(parse(host).range()) ? 'lan' : 'internet'
  } catch {
    // No IP address.
    return 'internet'
  }
}

/** The general parser tries every notation twice; most addresses have this one. */
const DOTTED = /^\d+\.\d+\.\d+\.\d+$/

const parse = (host: string) =>
  DOTTED.test(host) ? ipaddr.IPv4.parse(host) : ipaddr.process(host.replace(/^\[(.*)\]$/, '$1'))
