export {
  type Acceptor,
  type AcceptorOptions,
  acceptor,
  type Discarded,
} from './edges/acceptor.js'
export { type Decoration, decorate, type Outcome, withOutcome } from './edges/decorate.js'
export { dialer } from './edges/dialer.js'
export { printable } from './edges/printable.js'
export { createHub } from './hub.js'
export {
  type Address,
  type Connected,
  type Connecting,
  type Connection,
  type Direction,
  type Disconnecting,
  type Initiator,
  type Metadata,
  type PeerKey,
  type PlainConnection,
  type Session,
  type State,
  type Traffic,
  toPlain,
} from './model/connection.js'
export { type ErrorOrigin, HubError, type HubErrorCode, isHubError } from './model/errors.js'
export type {
  Change,
  ConnectedEvent,
  ConnectingEvent,
  ConnectingFailedEvent,
  ConnectionEvent,
  DisconnectedEvent,
  DisconnectingEvent,
  DisconnectingFailedEvent,
  ErrorEvent,
  EventType,
  HubEvents,
  Refusal,
  SessionClosed,
  SessionOpened,
  Unsubscribe,
} from './model/events.js'
export type { Hub, Listenable } from './model/hub.js'
export type {
  ConnectOptions,
  DisconnectOptions,
  HubOptions,
  ListenOptions,
} from './model/options.js'
export type { Description, DialAttempt, HubSide, Inbound, Transport } from './model/transport.js'
