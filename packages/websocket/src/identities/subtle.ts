import { fromBase64Url, toBase64Url } from './base64url.js'
import type { KeyPair, Signer } from './key.js'

/** Ed25519 by WebCrypto, which is all that a page has. */
export const createSubtleSigner = async (keys: KeyPair): Promise<Signer> => {
  const { crypto } = globalThis
  const { subtle } = crypto
  const { publicKey, privateKey } = keys as { publicKey: CryptoKey; privateKey: CryptoKey }
  const toText = (buffer: ArrayBuffer) => toBase64Url(new Uint8Array(buffer))
  const toBytes = (text: string) => new TextEncoder().encode(text)
  return {
    key: toText(await subtle.exportKey('raw', publicKey)),
    createNonce: () => toBase64Url(crypto.getRandomValues(new Uint8Array(32))),
    sign: async (text) => toText(await subtle.sign('Ed25519', privateKey, toBytes(text))),
    async verify(key, signature, text) {
      const imported = await subtle.importKey('raw', fromBase64Url(key), 'Ed25519', false, [
        'verify',
      ])
      return subtle.verify('Ed25519', imported, fromBase64Url(signature), toBytes(text))
    },
  }
}
