export type { Changes } from './changes.js'
export type {
  Address,
  Connected,
  Connecting,
  Connection,
  Direction,
  Disconnecting,
  Initiator,
  Metadata,
  PeerKey,
  Session,
  State,
} from './connection.js'
export { HubError, type HubErrorCode, isHubError } from './errors.js'
export type { Unsubscribe } from './event-bus.js'
export type { Change, ConnectionEvent, EventType, HubEvents } from './events.js'
export { createHub } from './hub.js'
export type { Hub } from './hub-api.js'
export type {
  ConnectOptions,
  DisconnectOptions,
  ErrorOrigin,
  EventsOptions,
  HubOptions,
  ListenOptions,
  Overflow,
  ViewOptions,
} from './options.js'
export { printable } from './printable.js'
export {
  type Description,
  type DialAttempt,
  dialer,
  type Inbound,
  type Transport,
} from './transport.js'
export type { View } from './view.js'
export type { Views } from './views.js'
