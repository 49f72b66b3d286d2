import type { Transport } from '@conn-hub/core'
import type { WebSocketLink } from '../model/link.js'
import type { WebSocketTransportOptions } from '../model/options.js'
import type { WebSocketClass, WsSocket } from '../model/socket.js'
import type { LinkSession } from '../session.js'
import { readSettings, type Settings } from '../settings.js'
import { DialTransport } from '../transport.js'
import {
  type Acceptance,
  createListen,
  type ServerSettings,
  serverRules,
  toAcceptance,
} from './server.js'
import { WsSession } from './ws-session.js'

/**
 * WebSockets as a transport. With `server` others can dial this side, too.
 *
 * @example
 * const server = new WebSocketServer({ port: 8080, host: '127.0.0.1' })
 * const hub = createHub({ transport: createWebSocketTransport({ server }) })
 */
export const createWebSocketTransport = (
  options: WebSocketTransportOptions = {},
): Transport<WebSocketLink> => {
  const settings = readSettings<ServerSettings>(options, serverRules())
  const acceptance = toAcceptance(settings)
  return acceptance ? new NodeTransport(settings, acceptance) : new NodeDialTransport(settings)
}

class NodeDialTransport extends DialTransport {
  protected override open(Socket: WebSocketClass, url: string): LinkSession {
    const { protocols, maxMessage, closeTimeout } = this.settings
    // Browsers and Node's own class take two arguments, and pass over the third.
    const options = { perMessageDeflate: false, maxPayload: maxMessage, closeTimeout }
    const socket = new Socket(url, [...protocols], options)
    if (!('terminate' in socket)) return this.fromSocket(socket)
    return new WsSession(socket as WsSocket, 'outbound', this.settings)
  }
}

class NodeTransport extends NodeDialTransport {
  readonly listen: NonNullable<Transport<WebSocketLink>['listen']>

  constructor(settings: Settings, acceptance: Acceptance) {
    super(settings)
    this.listen = createListen(settings, acceptance)
  }
}
