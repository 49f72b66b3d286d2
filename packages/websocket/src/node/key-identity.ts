import { webcrypto } from 'node:crypto'
import { createKeyIdentity, type KeyIdentityOptions } from '../identities/key.js'
import type { Identity } from '../model/identity.js'

/** Who has which Ed25519 key, proved by a signature. */
export const keyIdentity = (options: KeyIdentityOptions): Promise<Identity> =>
  // Node 18 has no global one.
  createKeyIdentity(webcrypto as unknown as Crypto, options)
