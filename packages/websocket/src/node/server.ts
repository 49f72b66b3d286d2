import type { IncomingMessage } from 'node:http'
import { HubError, type HubSide, type Transport } from '@conn-hub/core'
import type { WebSocketLink } from '../model/link.js'
import type { WsServer, WsSocket } from '../model/socket.js'
import { count, invalid, isStrings, type Rules, type Settings } from '../settings.js'
import { Hellos } from './hellos.js'
import { areRanges, type Proxies, toProxies } from './proxies.js'
import { InboundRequest } from './request.js'
import { WsSession } from './ws-session.js'

/** Whom a server takes in. */
export interface Acceptance {
  readonly server: WsServer
  readonly origins: readonly string[] | '*' | undefined
  readonly proxies: Proxies
  readonly maxHellos: number
}

export interface ServerSettings extends Settings {
  readonly server: WsServer | undefined
  readonly origins: readonly string[] | '*' | undefined
  readonly trustedProxies: readonly string[] | undefined
  readonly maxHellos: number
}

export const serverRules = (): Rules => ({
  server: [undefined, isServer, 'a WebSocketServer of ws'],
  origins: [undefined, areOrigins, "an array of origins, or '*'"],
  trustedProxies: [undefined, areRanges, 'an array of IPs and ranges'],
  maxHellos: count(1_000),
})

/** `undefined` where there is no server, and the transport only dials. */
export const toAcceptance = (settings: ServerSettings): Acceptance | undefined => {
  const { server, origins, trustedProxies, maxHellos, identity } = settings
  if (server === undefined) return undefined
  if (identity && !identity.accept)
    throw invalid('The option "identity" must be one that can accept, for there is a server.')
  return { server, origins, proxies: toProxies(trustedProxies), maxHellos }
}

const isServer = (server: unknown): boolean => {
  const { on, options } = (server ?? {}) as Partial<WsServer>
  return typeof on === 'function' && typeof options === 'object'
}

const areOrigins = (origins: unknown): boolean => origins === '*' || isStrings(origins)

type Listen = NonNullable<Transport<WebSocketLink>['listen']>

export const createListen = (settings: Settings, acceptance: Acceptance): Listen => {
  const { server } = acceptance
  const accept = settings.identity?.accept?.bind(settings.identity)
  const { helloTimeout: timeout } = settings
  const { maxHellos: most } = acceptance

  return (take, side) => {
    const isTaken = (address: string) => side.get(address) !== undefined
    const hand = (session: WsSession) => {
      const request = session.request as InboundRequest
      take({ address: request.addressIn(isTaken), session })
    }
    const hellos = accept && new Hellos({ accept, timeout, most, side, hand })
    const onConnection = (socket: WsSocket, incoming: IncomingMessage) => {
      const request = new InboundRequest(incoming, acceptance.proxies)
      const session = new WsSession(socket, 'inbound', settings, request)
      if (!isWelcome(session, side, settings, acceptance)) return
      if (hellos) hellos.take(session)
      else hand(session)
    }
    claim(server)
    prepare(server, settings)
    server.off('connection', turnAway)
    server.on('connection', onConnection)
    return () => {
      server.off('connection', onConnection)
      Object.assign(server, { [CLAIMED]: false })
      // Whoever comes now would wait for a hello that nobody answers.
      if (server.listenerCount('connection') === 0) server.on('connection', turnAway)
      hellos?.stop()
    }
  }
}

/** On a server that a hub listens to; another copy of this code sees it, too. */
const CLAIMED = Symbol.for('@conn-hub/websocket/claimed')

/** Two who read one socket would each take half of what comes. */
const claim = (server: WsServer & { readonly [CLAIMED]?: boolean }): void => {
  if (server[CLAIMED])
    throw new HubError(
      'TRANSPORT_IN_USE',
      'Another hub listens to this WebSocketServer: close that one first, or give each its own, with noServer.',
    )
  Object.assign(server, { [CLAIMED]: true })
}

/** The socket checks the length, chooses the subprotocol, and answers a close, before anybody here sees it. */
const prepare = (
  { options }: WsServer,
  { maxMessage, closeTimeout, protocols }: Settings,
): void => {
  // 0 means any.
  options.maxPayload = Math.min(options.maxPayload || maxMessage, maxMessage)
  options.closeTimeout = Math.min(options.closeTimeout ?? closeTimeout, closeTimeout)
  if (protocols.length === 0) return
  options.handleProtocols ??= (offered: Set<string>) =>
    protocols.find((protocol) => offered.has(protocol)) ?? false
}

const isWelcome = (
  session: WsSession,
  side: HubSide<WebSocketLink>,
  { protocols }: Settings,
  { origins }: Acceptance,
): boolean => {
  const refuse = (why: string, code: number): false => {
    side.refused({ by: 'websocket', why, direction: 'inbound' })
    session.end(code, why)
    return false
  }
  if (!isOriginAllowed(session.request?.headers ?? {}, origins)) return refuse('origin', 3003)
  if (protocols.length > 0 && !protocols.includes(session.protocol)) {
    return refuse('subprotocol', 1008)
  }
  return true
}

const isOriginAllowed = (
  { origin, host }: Readonly<Record<string, string>>,
  origins: Acceptance['origins'],
): boolean => {
  if (origin === undefined || origins === '*') return true
  return origins ? origins.includes(origin) : origin.replace(/^https?:\/\//, '') === host
}

/** For a server whose hub has closed, as long as nobody else listens. */
function turnAway(this: WsServer, socket: WsSocket): void {
  if (this.listenerCount('connection') > 1) return
  socket.on('error', () => {})
  socket.close(1013, 'not-listening')
  const timer = setTimeout(() => socket.terminate(), 1_000)
  timer.unref()
  socket.on('close', () => clearTimeout(timer))
}
