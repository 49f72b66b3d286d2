import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'

/** Who comes in: only those who know the token, and no page of another site that a browser shows. */
export class Doors {
  readonly #token: Buffer
  readonly #host: string

  /** `host`: what the server is bound to. */
  constructor(token: string, host: string) {
    this.#token = digest(token)
    this.#host = host
  }

  /**
   * By its name alone: a site that rebinds its own name to our address shows itself by that name. The port may be
   * another one, where a tunnel leads here.
   */
  knowsHost({ headers: { host = '' } }: IncomingMessage): boolean {
    const name = nameOf(host)
    if (name === undefined) return false
    if (isLoopback(name) || name === this.#host.toLowerCase()) return true
    return !isLoopback(this.#host) && isIP(name) !== 0
  }

  /** Only browsers send an Origin; it must be our own page then. */
  knowsOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
    return origin === undefined || origin.toLowerCase() === `http://${host}`.toLowerCase()
  }

  knowsToken(token: string): boolean {
    return timingSafeEqual(digest(token), this.#token)
  }
}

/** Of the same length always, so that they can be compared in constant time. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The name in a Host header, in small letters, without brackets and port. */
const nameOf = (host: string): string | undefined => {
  const [, ipv6, name] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d+)?$/.exec(host.toLowerCase()) ?? []
  return ipv6 ?? name
}

export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
