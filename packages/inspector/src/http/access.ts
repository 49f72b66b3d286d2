import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4, type Socket } from 'node:net'

interface AccessOptions {
  readonly token: string
  /** What the server is bound to. */
  readonly host: string
  /** What comes before the token, with a slash at both ends. */
  readonly basePath: string
  readonly allowedHosts: readonly string[]
}

/** Decides who may ask: a request needs the token, and must not come from the page of another site. */
export class Access {
  readonly basePath: string
  /** On these somebody has shown the token. */
  readonly known = new WeakSet<Socket>()
  readonly #token: Buffer
  readonly #host: string
  readonly #allowed: ReadonlySet<string>

  constructor({ token, host, basePath, allowedHosts }: AccessOptions) {
    this.basePath = basePath
    this.#token = digest(token)
    this.#host = host
    this.#allowed = new Set(allowedHosts.map((name) => name.toLowerCase()))
  }

  /**
   * Compares the name alone: a site that rebinds its own name to our address sends that name. The port may differ,
   * because a tunnel may lead here.
   */
  allowsHost({ headers: { host = '' } }: IncomingMessage): boolean {
    const name = nameOf(host)
    if (name === undefined) return false
    if (isLoopback(name) || name === this.#host.toLowerCase()) return true
    return this.#isAllowed(host) || (!isLoopback(this.#host) && isIP(name) !== 0)
  }

  /**
   * Only browsers send an Origin; theirs must be our own page. A proxy may ask by another Host than the browser did, and by another
   * scheme: its name then is one of those that are allowed.
   */
  allowsOrigin({ headers: { origin, host = '' } }: IncomingMessage): boolean {
    if (origin === undefined) return true
    const [, asked] = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? []
    if (asked === undefined) return false
    if (origin.toLowerCase() === `http://${host}`.toLowerCase()) return true
    return this.#isAllowed(asked)
  }

  allowsToken(token: string): boolean {
    return timingSafeEqual(digest(token), this.#token)
  }

  /** By its name, or by its name with its port. */
  #isAllowed(host: string): boolean {
    const name = nameOf(host)
    if (name === undefined) return false
    const bare = name.includes(':') ? `[${name}]` : name
    return this.#allowed.has(host.toLowerCase()) || this.#allowed.has(bare)
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
