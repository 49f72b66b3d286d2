import { KeyObject, randomBytes, sign, verify, webcrypto } from 'node:crypto'
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
  const ours = KeyObject.from(publicKey as webcrypto.CryptoKey)
  return {
    key: String(ours.export({ format: 'jwk' }).x),
    createNonce: () => randomBytes(32).toString('base64url'),
    sign: createSign(privateKey as webcrypto.CryptoKey),
    verify(x, signature, text) {
      // As it came: to make a KeyObject of it first takes longer.
      const key = { format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } } as const
      return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
    },
  }
}

const createSign = (privateKey: webcrypto.CryptoKey): Signer['sign'] => {
  if (privateKey.extractable) {
    const secret = KeyObject.from(privateKey)
    return (text) => sign(null, Buffer.from(text), secret).toString('base64url')
  }
  // From Node 24 on, one that may not leave WebCrypto stays there.
  return async (text) => {
    const signed = await webcrypto.subtle.sign('Ed25519', privateKey, Buffer.from(text))
    return Buffer.from(signed).toString('base64url')
  }
}
