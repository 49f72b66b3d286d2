import type { PeerKey } from '@conn-hub/core'
import type { Hello, Identity } from '../model/identity.js'
import { invalid, isStrings, readOptions } from '../settings.js'
import { isOfLowOrder } from './low-order.js'
import { receive, refused, unauthorized, welcome, welcomed } from './words.js'

/** A pair of Ed25519 keys of WebCrypto. The private one need not be extractable; in Node one that is takes less time to sign. */
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

// A key has one spelling alone, or it would be several peers: the last character of 32 bytes has two bits that must be 0.
const ASK = /^conn-hub key (\S{1,512}) ([\w-]{43}) ([\w-]{42}[AEIMQUYcgkosw048])$/
const ANSWER = /^conn-hub key ([\w-]{43}) ([\w-]{42}[AEIMQUYcgkosw048]) ([\w-]{86})$/
const PROOF = /^conn-hub proof ([\w-]{86})$/

/** What both sides sign: each in its role, both nonces, both keys, and the host that was dialed. */
interface Transcript {
  readonly host: string
  readonly dialNonce: string
  readonly dialKey: string
  readonly acceptNonce: string
  readonly acceptKey: string
}

/** What signs and checks, by the means of a platform, with our pair of keys. All but the texts is base64url. */
export interface Signer {
  /** Our public key. */
  readonly key: string
  /** 32 random bytes. */
  createNonce(): string
  sign(text: string): string | Promise<string>
  verify(key: string, signature: string, text: string): boolean | Promise<boolean>
}

export const createKeyIdentity = async (
  createSigner: (keys: KeyPair) => Signer | Promise<Signer>,
  options: KeyIdentityOptions,
): Promise<Identity> => {
  const { keys, hosts } = readOptions<KeyIdentityOptions>(options, {
    keys: [undefined, isPair, 'a pair of Ed25519 keys of WebCrypto'],
    hosts: [undefined, isStrings, 'an array of hosts'],
  })
  if (!keys) throw invalid('keyIdentity takes "keys", a pair of Ed25519 keys of WebCrypto.')
  const signer = await createSigner(keys)
  await proveOurselves(signer)
  const { key: self } = signer

  const verify = async (
    role: string,
    transcript: Transcript,
    key: string,
    signature: string,
  ): Promise<PeerKey> => {
    if (await signer.verify(key, signature, toSign(role, transcript))) return key
    throw unauthorized('The signature is not that of the key.')
  }

  const dial = async (hello: Hello): Promise<PeerKey> => {
    const { host } = new URL(hello.address ?? '')
    const ours = { host, dialNonce: signer.createNonce(), dialKey: self }
    hello.send(`conn-hub key ${host} ${ours.dialNonce} ${self}`)
    const [acceptNonce = '', acceptKey = '', signature = ''] = await receive(hello, ANSWER)
    assertProves(acceptKey)
    const transcript = { ...ours, acceptNonce, acceptKey }
    const key = await verify('accept', transcript, acceptKey, signature)
    hello.send(`conn-hub proof ${await signer.sign(toSign('dial', transcript))}`)
    await welcomed(hello)
    return key
  }

  const accept = async (hello: Hello): Promise<PeerKey> => {
    const [host = '', dialNonce = '', dialKey = ''] = await receive(hello, ASK)
    assertProves(dialKey)
    if (!hosts?.includes(host)) throw refused('Another host was dialed than those of this side.')
    const transcript = {
      host,
      dialNonce,
      dialKey,
      acceptNonce: signer.createNonce(),
      acceptKey: self,
    }
    const ours = await signer.sign(toSign('accept', transcript))
    hello.send(`conn-hub key ${transcript.acceptNonce} ${self} ${ours}`)
    const [signature = ''] = await receive(hello, PROOF)
    const key = await verify('dial', transcript, dialKey, signature)
    welcome(hello)
    return key
  }

  return { self, dial, ...(hosts && { accept }) }
}

const assertProves = (key: string): void => {
  if (isOfLowOrder(key)) throw unauthorized('Anybody can sign for this key: it is of low order.')
}

const toSign = (role: string, transcript: Transcript): string => {
  const { host, dialNonce, dialKey, acceptNonce, acceptKey } = transcript
  // Each part has a fixed length but the host, which has no space: no two transcripts are written alike.
  return `conn-hub key 1 ${role} ${host} ${dialNonce} ${dialKey} ${acceptNonce} ${acceptKey}`
}

/** Else each peer would find out, and nobody here. */
const proveOurselves = async (signer: Signer): Promise<void> => {
  const text = 'conn-hub key 1 ourselves'
  if (await signer.verify(signer.key, await signer.sign(text), text)) return
  throw invalid('The two keys of "keys" belong to two pairs.')
}

const isPair = (keys: unknown): boolean => {
  const { publicKey, privateKey } = (keys ?? {}) as Partial<KeyPair>
  // The other side is told the public one.
  const canBeTold = (publicKey as Partial<CryptoKey> | undefined)?.extractable === true
  return isEd25519(publicKey, 'public') && canBeTold && isEd25519(privateKey, 'private')
}

const isEd25519 = (key: object | undefined, type: string): boolean => {
  const given = key as { type?: unknown; algorithm?: { name?: unknown } } | undefined
  return given?.type === type && given.algorithm?.name === 'Ed25519'
}
