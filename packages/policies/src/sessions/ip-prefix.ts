import type { Inbound } from '@conn-hub/core'
import ipaddr from 'ipaddr.js'
import { checkNames, expect } from '../parts/options.js'

/** What `ipPrefix()` is given. */
export interface IpPrefixOptions {
  /** How many bits of an IPv4 address count, 1 to 32. Default 32: one address. */
  readonly v4?: number | undefined
  /** How many bits of an IPv6 address count, 1 to 128. Default 64: what one customer gets, at least. */
  readonly v6?: number | undefined
}

/** Who counts as one: sessions with the same text share a limit; `undefined`: no limit. */
export type GroupBy = (inbound: Pick<Inbound<unknown>, 'address'>) => string | undefined

/**
 * Groups sessions by the IP in their address: `net:1.2.3.4:8008~shs:KEY`, `ws://[2001:db8::1]:80/`, `1.2.3.4:80`, a bare IP. An IPv4 address
 * written as IPv6 counts as IPv4. The group is written as a prefix: `1.2.3.4/32`, `2001:db8:0:0::/64`. An address without an IP is in no group.
 *
 * @example
 * const by = ipPrefix({ v4: 32, v6: 64 })
 * console.log(by({ address: 'net:1.2.3.4:8008~shs:KEY' }), by({ address: 'ws://[2001:db8::1]:80/' }))
 */
export const ipPrefix = (options: IpPrefixOptions = {}): GroupBy => {
  checkNames(options, ['v4', 'v6'])
  const { v4 = 32, v6 = 64 } = options
  expect(Number.isInteger(v4) && v4 >= 1 && v4 <= 32, 'a whole number from 1 to 32', 'v4')
  expect(Number.isInteger(v6) && v6 >= 1 && v6 <= 128, 'a whole number from 1 to 128', 'v6')
  return ({ address }) => {
    const ip = ipOf(address)
    if (ip instanceof ipaddr.IPv6) return prefixOfV6(ip.parts, v6)
    return ip && prefixOfV4(ip.octets, v4)
  }
}

type Ip = ReturnType<typeof ipaddr.process>

/** Longer ones are no address of an IP: nothing is looked for in them. */
const MAX_LENGTH = 512
const DOTTED = /^\d+\.\d+\.\d+\.\d+$/
/** `scheme:` or `scheme://`, a host, and a port with what follows it; or the two without a scheme. */
const HOST =
  /^(?:[a-z][\w+.-]*:(?:\/\/)?(?:[^@/]*@)?)?(\[[^\]]+\]|[\d.]+|[\da-f:.]+(?:%[\w.-]+)?):\d+(?:[/~;,?#].*)?$/i
const BARE =
  /^(?:[a-z][\w+.-]*:\/\/(?:[^@/]*@)?)?(\[[^\]]+\]|[\d.]+|[\da-f:.]+(?:%[\w.-]+)?)(?:[/?#].*)?$/i

const ipOf = (address: string): Ip | undefined => {
  if (typeof address !== 'string' || address.length > MAX_LENGTH) return
  // Multiserver writes a colon inside a host as `!:`.
  const text = address.includes('!') ? address.replace(/!(.)/g, '$1') : address
  return parse(BARE.exec(text)?.[1]) ?? parse(HOST.exec(text)?.[1])
}

const parse = (host: string | undefined): Ip | undefined => {
  if (host === undefined) return
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  try {
    // The general parser takes `1.2` and `16909060` for an address, too.
    if (!bare.includes(':') && !DOTTED.test(bare)) return
    return DOTTED.test(bare) ? ipaddr.IPv4.parse(bare) : ipaddr.process(bare.replace(/%.*$/, ''))
  } catch {
    return
  }
}

const prefixOfV4 = (octets: readonly number[], bits: number): string =>
  `${firstBits(octets, 8, bits).join('.')}/${bits}`

const prefixOfV6 = (groups: readonly number[], bits: number): string => {
  const kept = firstBits(groups, 16, bits).map((group) => group.toString(16))
  return `${kept.join(':')}${kept.length < 8 ? '::' : ''}/${bits}`
}

/** So many of them as there are bits; of the last one what is left of those. @param width Of each, in bits. */
const firstBits = (numbers: readonly number[], width: number, bits: number): number[] =>
  numbers
    .slice(0, Math.ceil(bits / width))
    .map((each, i) => each - (each % 2 ** Math.max(0, (i + 1) * width - bits)))
