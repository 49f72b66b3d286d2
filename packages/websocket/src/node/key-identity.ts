import { KeyObject, randomBytes, sign, verify, type webcrypto } from 'node:crypto'
import {
  createKeyIdentity,
  type KeyIdentityOptions,
  type KeyPair,
  type Signer,
} from '../identities/key.js'
import type { Identity } from '../model/identity.js'

/** Who has which Ed25519 key, proved by a signature. */
export const keyIdentity = (options: KeyIdentityOptions): Promise<Identity> =>
  createKeyIdentity(createSigner, options)

/** Node's own functions take two thirds of the time of WebCrypto, which hands each call to another thread. */
const createSigner = ({ publicKey, privateKey }: KeyPair): Signer => {
  const [ours, secret] = [publicKey, privateKey].map((key) =>
    KeyObject.from(key as webcrypto.CryptoKey),
  ) as [KeyObject, KeyObject]
  return {
    key: String(ours.export({ format: 'jwk' }).x),
    createNonce: () => randomBytes(32).toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text), secret).toString('base64url'),
    verify(x, signature, text) {
      // As it came: to make a KeyObject of it first takes longer.
      const key = { format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } } as const
      return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
    },
  }
}
