import {
  type Address,
  type Description,
  type DialAttempt,
  HubError,
  type PeerKey,
  type Transport,
} from '@conn-hub/core'
import { describeAddress, toDial } from './address.js'
import { Dialing } from './dialing.js'
import { DomSession } from './dom-session.js'
import type { WebSocketLink } from './model/link.js'
import type { DomSocket, WebSocketClass } from './model/socket.js'
import type { LinkSession } from './session.js'
import type { Settings } from './settings.js'

/** What only dials: all that there is in a browser. */
export class DialTransport implements Transport<WebSocketLink> {
  protected readonly settings: Settings

  constructor(settings: Settings) {
    this.settings = settings
  }

  get self(): PeerKey | undefined {
    return this.settings.identity?.self
  }

  describe(address: Address): Description {
    return describeAddress(address)
  }

  dial(address: Address, attempt: DialAttempt<WebSocketLink>): void {
    const { href } = toDial(address)
    new Dialing(href, attempt, this.open(this.#socketClass(), href))
  }

  protected open(Socket: WebSocketClass, url: string): LinkSession {
    return this.fromSocket(new Socket(url, [...this.settings.protocols]))
  }

  protected fromSocket(socket: object): LinkSession {
    return new DomSession(socket as DomSocket, this.settings)
  }

  #socketClass(): WebSocketClass {
    // Looked up late: test tools and polyfills replace it.
    const Socket = this.settings.WebSocket ?? (globalThis as Globals).WebSocket
    if (Socket) return Socket
    throw new HubError(
      'NO_WEBSOCKET',
      'There is no global WebSocket: pass the one of ws as option "WebSocket".',
    )
  }
}

type Globals = { readonly WebSocket?: WebSocketClass }
