import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'

/** Decides who may ask: a request needs the token, and must not come from the page of another site. */
export class Access {
  readonly #token: Buffer
  readonly #host: string

  /** `host`: what the server is bound to. */
  constructor(token: string, host: string) {
    this.#token = digest(token)
    this.#host = host
  }

  /**
   * Compares the name alone: a site that rebinds its own name to our address sends that name. The port may differ,
   * because a tunnel may lead here.
   */
  allowsHost({ headers: { host = '' } }: IncomingMessage): boolean {
    const name = nameOf(host)
    if (name === undefined) return false
    if (isLoopback(name) || name === this.#host.toLowerCase()) return true
    return !isLoopback(this.#host) && isIP(name) !== 0
  }

  /** Only browsers send an Origin; theirs must be our own page. */
  allowsOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
    return origin === undefined || origin.toLowerCase() === `http://${host}`.toLowerCase()
  }

  allowsToken(token: string): boolean {
    return timingSafeEqual(digest(token), this.#token)
  }
}

/** Digests have one length, so they can be compared in constant time. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The name in a Host header, in small letters, without brackets and port. */
const nameOf = (host: string): string | undefined => {
  const [, ipv6, name] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d+)?$/.exec(host.toLowerCase()) ?? []
  return ipv6 ?? name
}

export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
