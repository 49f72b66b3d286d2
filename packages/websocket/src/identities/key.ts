import { HubError, type PeerKey } from '@conn-hub/core'
import type { Hello, Identity } from '../model/identity.js'
import { fromBase64Url, toBase64Url } from './base64url.js'
import { receive, refused, unauthorized, welcome, welcomed } from './words.js'

/** A pair of Ed25519 keys of WebCrypto. The private one need not be extractable. */
export interface KeyPair {
  readonly publicKey: object
  readonly privateKey: object
}

/** What `keyIdentity` is given. */
export interface KeyIdentityOptions {
  /** Ours: `await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])`, once, and kept. */
  readonly keys: KeyPair
  /**
   * The hosts by which this side is dialed, as they stand in the URL (`chat.example.com`, `localhost:8080`). Whoever is dialed needs them: a
   * signature for another host was made for somebody else, who passes it on.
   */
  readonly hosts?: readonly string[] | undefined
}

const PART = '([\\w-]{43})'
const SIGNATURE = '([\\w-]{86})'
const ASK = new RegExp(`^conn-hub key (\\S{1,512}) ${PART} ${PART}$`)
const ANSWER = new RegExp(`^conn-hub key ${PART} ${PART} ${SIGNATURE}$`)
const PROOF = new RegExp(`^conn-hub proof ${SIGNATURE}$`)

/** What both sides sign: each in its role, both nonces, both keys, and the host that was dialed. */
interface Transcript {
  readonly host: string
  readonly dialNonce: string
  readonly dialKey: string
  readonly acceptNonce: string
  readonly acceptKey: string
}

export const createKeyIdentity = async (
  crypto: Crypto,
  { keys, hosts }: KeyIdentityOptions,
): Promise<Identity> => {
  const { subtle } = crypto
  const { publicKey, privateKey } = keys as { publicKey: CryptoKey; privateKey: CryptoKey }
  const self = toBase64Url(new Uint8Array(await subtle.exportKey('raw', publicKey)))
  const createNonce = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)))

  const sign = async (role: string, transcript: Transcript): Promise<string> =>
    toBase64Url(new Uint8Array(await subtle.sign('Ed25519', privateKey, toSign(role, transcript))))

  const verify = async (
    role: string,
    transcript: Transcript,
    key: string,
    signature: string,
  ): Promise<PeerKey> => {
    const bytes = fromBase64Url(key)
    // Another spelling of a key would be another peer.
    if (toBase64Url(bytes) !== key) throw refused('The key is not written as it should be.')
    const imported = await subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
    const data = toSign(role, transcript)
    if (await subtle.verify('Ed25519', imported, fromBase64Url(signature), data)) return key
    throw unauthorized('The signature is not that of the key.')
  }

  const dial = async (hello: Hello): Promise<PeerKey> => {
    const { host } = new URL(hello.address ?? '')
    const ours = { host, dialNonce: createNonce(), dialKey: self }
    hello.send(`conn-hub key ${host} ${ours.dialNonce} ${self}`)
    const [acceptNonce = '', acceptKey = '', signature = ''] = await receive(hello, ANSWER)
    const transcript = { ...ours, acceptNonce, acceptKey }
    const key = await verify('accept', transcript, acceptKey, signature)
    hello.send(`conn-hub proof ${await sign('dial', transcript)}`)
    await welcomed(hello)
    return key
  }

  const accept = async (hello: Hello): Promise<PeerKey> => {
    const [host = '', dialNonce = '', dialKey = ''] = await receive(hello, ASK)
    if (!hosts?.includes(host)) throw refused('Another host was dialed than those of this side.')
    const transcript = { host, dialNonce, dialKey, acceptNonce: createNonce(), acceptKey: self }
    const ours = await sign('accept', transcript)
    hello.send(`conn-hub key ${transcript.acceptNonce} ${self} ${ours}`)
    const [signature = ''] = await receive(hello, PROOF)
    const key = await verify('dial', transcript, dialKey, signature)
    welcome(hello)
    return key
  }

  if (hosts !== undefined && !(Array.isArray(hosts) && hosts.every((h) => typeof h === 'string'))) {
    throw new HubError('INVALID_OPTION', 'The option "hosts" must be an array of hosts.')
  }
  return { self, dial, ...(hosts && { accept }) }
}

const toSign = (role: string, transcript: Transcript): Uint8Array<ArrayBuffer> => {
  const { host, dialNonce, dialKey, acceptNonce, acceptKey } = transcript
  // Each part has a fixed length but the host, which has no space: no two transcripts are written alike.
  const text = ['conn-hub key 1', role, host, dialNonce, dialKey, acceptNonce, acceptKey].join(' ')
  return new TextEncoder().encode(text)
}
