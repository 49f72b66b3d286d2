import type { IncomingMessage } from 'node:http'
import { INBOUND } from '../address.js'
import type { UpgradeRequest } from '../model/link.js'
import { clientOf, type Proxies } from './proxies.js'

/** Each request has them, and no app needs them: what is kept is kept for as long as the link. */
const OF_THE_PROTOCOL = new Set([
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
])

/** What is kept of the request of an inbound link. The request itself would keep the parser's buffers. */
export class InboundRequest implements UpgradeRequest {
  readonly url: string
  readonly ip: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the socket, the proxy's where there is one. */
  readonly #port: number
  readonly #isByProxy: boolean

  constructor({ url = '/', headers, socket }: IncomingMessage, proxies: Proxies) {
    const { ip, isByProxy } = clientOf(socket.remoteAddress, headers['x-forwarded-for'], proxies)
    const kept: Record<string, string> = {}
    for (const name in headers) {
      if (!OF_THE_PROTOCOL.has(name)) kept[name] = String(headers[name])
    }
    this.url = url
    this.ip = ip
    this.headers = kept
    this.#port = socket.remotePort ?? 0
    this.#isByProxy = isByProxy
  }

  /** The address of the link that came so: one that nobody has. */
  addressIn(isTaken: (address: string) => boolean): string {
    const address = `${INBOUND}${this.ip.includes(':') ? `[${this.ip}]` : this.ip}:${this.#port}`
    // Two clients of one IP may come by two proxies, from the same port.
    if (!this.#isByProxy && !isTaken(address)) return address
    let n = 1
    while (isTaken(`${address}/${n}`)) n++
    return `${address}/${n}`
  }
}
