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
 * written as IPv6 counts as IPv4. An address without an IP is in no group.
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
    return ip && prefixOf(ip.toByteArray(), ip.kind() === 'ipv4' ? v4 : v6)
  }
}

type Ip = ReturnType<typeof ipaddr.process>

/** Longer ones are no address of an IP: nothing is looked for in them. */
const MAX_LENGTH = 512
const DOTTED = /^\d+\.\d+\.\d+\.\d+$/
/** `scheme:` or `scheme://`, a host, and a port with what follows it; or the two without a scheme. */
const HOST =
  /^(?:[a-z][\w+.-]*:(?:\/\/)?(?:[^@/]*@)?)?(\[[^\]]+\]|[\d.]+|[\da-f:.]+(?:%[\w.-]+)?):\d+(?:[/~;,?#].*)?$/i
const BARE = /^(?:[a-z][\w+.-]*:\/\/)?(\[[^\]]+\]|[\d.]+|[\da-f:.]+(?:%[\w.-]+)?)(?:[/?#].*)?$/i

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

const prefixOf = (bytes: readonly number[], bits: number): string => {
  const kept: number[] = []
  for (let i = 0; i * 8 < bits; i++) {
    const left = Math.min(8, bits - i * 8)
    kept.push((bytes[i] ?? 0) & (0xff00 >> left) & 0xff)
  }
  return `${kept.join('.')}/${bits}`
}
