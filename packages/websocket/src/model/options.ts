import type { Identity } from './identity.js'
import type { WebSocketClass, WsServer } from './socket.js'

/** What a transport that only dials is given: all of it in a browser. */
export interface DialOptions {
  /** The class that dials. Default: the global `WebSocket`, where there is one: in browsers, and in Node from 22 on. */
  readonly WebSocket?: WebSocketClass | undefined
  /** Who is there. Default: nobody asks, and no session has a key. */
  readonly identity?: Identity | undefined
  /** The subprotocols that are offered, and of which one must be agreed on. Default: none, and any is taken. */
  readonly protocols?: readonly string[] | undefined
  /** How long a hello may take, in ms. Default 10 000: a few round trips, and one look into a database. */
  readonly helloTimeout?: number | undefined
  /** How long the other side may take to answer a close, in ms. Default 1 000: a round trip. Then the socket is destroyed. */
  readonly closeTimeout?: number | undefined
  /** How long a message of the other side may be, in bytes. Default 1 048 576. A longer one closes the link: `too-big`. */
  readonly maxMessage?: number | undefined
  /**
   * How much may wait for a reader, in bytes. Default 1 048 576. Then Node reads no further, and the other side has to wait; a browser
   * cannot, and closes the link: `QUEUE_FULL`.
   */
  readonly maxQueue?: number | undefined
  /** From how many bytes on that wait to be sent `send()` gives `false`. Default 1 048 576. */
  readonly highWater?: number | undefined
  /** Whether to leave the loop over its messages closes a link. Default `false`. */
  readonly closeOnBreak?: boolean | undefined
  /** The two texts of a probe where the protocol's own ping is out of reach, in browsers. Both sides need the same. */
  readonly probeTexts?: ProbeTexts | undefined
}

/** Neither of them ever reaches a reader. */
export interface ProbeTexts {
  /** Default `conn-hub ping`. */
  readonly ask: string
  /** Default `conn-hub pong`. */
  readonly answer: string
}

/** What a transport in Node is given. */
export interface WebSocketTransportOptions extends DialOptions {
  /** A `WebSocketServer` of `ws`. It stays yours: you close it. Default: none, and the transport only dials. */
  readonly server?: WsServer | undefined
  /**
   * The origins whose pages may connect, such as `https://chat.example.com`, or `'*'`. Default: those whose host is the one that was asked for. What
   * is no page sends no origin, and is not judged by it.
   */
  readonly origins?: readonly string[] | '*' | undefined
  /** The proxies whose `X-Forwarded-For` is believed: IPs, or ranges such as `10.0.0.0/8`. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined
  /** How many hellos may run at once. Default 1 000. Whoever comes then is told `try-later`. */
  readonly maxHellos?: number | undefined
}
