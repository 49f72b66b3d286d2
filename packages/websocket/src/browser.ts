import type { Transport } from '@conn-hub/core'
import { createKeyIdentity, type KeyIdentityOptions } from './identities/key.js'
import { createSubtleSigner } from './identities/subtle.js'
import type { Identity } from './model/identity.js'
import type { WebSocketLink } from './model/link.js'
import type { DialOptions } from './model/options.js'
import { readSettings } from './settings.js'
import { DialTransport } from './transport.js'

export { toAddress } from './address.js'
export type { KeyIdentityOptions, KeyPair } from './identities/key.js'
export { type RequestIdentityOptions, requestIdentity } from './identities/request.js'
export { type TokenIdentityOptions, tokenIdentity } from './identities/token.js'
export type { Hello, Identity } from './model/identity.js'
export type { Message, UpgradeRequest, WebSocketLink } from './model/link.js'
export type { DialOptions, ProbeTexts } from './model/options.js'
export type { WebSocketClass } from './model/socket.js'
export { type WatchPageOptions, watchPage } from './page.js'

/** WebSockets as a transport. A page dials, and cannot be dialed. */
export const createWebSocketTransport = (options: DialOptions = {}): Transport<WebSocketLink> =>
  new DialTransport(readSettings(options))

/** Who has which Ed25519 key, proved by a signature. */
export const keyIdentity = (options: KeyIdentityOptions): Promise<Identity> =>
  createKeyIdentity(createSubtleSigner, options)
