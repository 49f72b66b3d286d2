import { BlockList, isIP } from 'node:net'
import { isStrings } from '../settings.js'

/** Whose `X-Forwarded-For` is believed; `undefined` means nobody's. */
export type Proxies = BlockList | undefined

export const toProxies = (ranges: readonly string[] | undefined): Proxies => {
  if (ranges === undefined) return undefined
  const proxies = new BlockList()
  for (const range of ranges) {
    const [ip = '', bits] = range.split('/')
    if (bits === undefined) proxies.addAddress(ip, familyOf(ip))
    else proxies.addSubnet(ip, Number(bits), familyOf(ip))
  }
  return proxies
}

export const areRanges = (ranges: unknown): boolean => isStrings(ranges) && ranges.every(isRange)

const isRange = (range: string): boolean => {
  const [, ip = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const version = isIP(ip)
  return version > 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128)
}

/**
 * Who is at the other end: read from the right, as far as each hop is trusted. What stands further left was written by strangers.
 */
export const clientOf = (
  remote: string | undefined,
  forwarded: string | string[] | undefined,
  proxies: Proxies,
): { ip: string; isByProxy: boolean } => {
  let ip = remote?.replace(DRESSED, '') || 'unknown'
  const hops = proxies && forwarded ? String(forwarded).split(',') : []
  let isByProxy = false
  while (hops.length > 0 && proxies?.check(ip, familyOf(ip))) {
    const hop = readIp(hops.pop() ?? '')
    if (hop === undefined) break
    ip = hop
    isByProxy = true
  }
  return { ip, isByProxy }
}

/** What makes IPv4 look like IPv6. */
const DRESSED = /^::ffff:(?=\d+\.)/i

/** An IP, with or without a port, in brackets or not; one of IPv4 that is dressed as IPv6 becomes itself. */
const readIp = (text: string): string | undefined => {
  const trimmed = text.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? trimmed.replace(/^([\d.]+):\d+$/, '$1')
  const ip = bare.replace(DRESSED, '')
  return isIP(ip) > 0 ? ip : undefined
}

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4')
