// HMAC-SHA-256 (FIPS 198-1, FIPS 180-4) in one piece: WebCrypto answers later, and a line is written at once.

/** How many texts are remembered with their hash: an address comes again with each of its events. */
const REMEMBERED = 10_000

/** In characters: longer texts, which strangers may send, are not remembered. */
const MOST_REMEMBERED = 256

/** A function that hides texts under a salt: the same text gives the same 32 hex digits, and without the salt nobody can try texts out. */
export const createHash = (salt: string): ((text: string) => string) => {
  const toBytes = createToBytes()
  const sha256 = createSha256()
  const long = toBytes(salt)
  const key = long.length > BLOCK ? sha256(long) : long
  const inner = new Uint8Array(BLOCK).fill(0x36)
  const outer = new Uint8Array(BLOCK).fill(0x5c)
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const hash = toHex(sha256(joined(outer, sha256(joined(inner, toBytes(text)))))).slice(0, 32)
    if (text.length > MOST_REMEMBERED) return hash
    if (known.size === REMEMBERED) known.clear()
    known.set(text, hash)
    return hash
  }
}

const LONE = /\p{Surrogate}/u

/** UTF-8. Halves of pairs, which all become the same sign in it, are written as what they are: two addresses must not become one. */
const createToBytes = (): ((text: string) => Uint8Array) => {
  const encoder = new TextEncoder()
  const bytesOf = (char: string): Iterable<number> => {
    if (!LONE.test(char)) return encoder.encode(char)
    const code = char.charCodeAt(0)
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
  }
  return (text) =>
    LONE.test(text)
      ? Uint8Array.from([...text].flatMap((char) => [...bytesOf(char)]))
      : encoder.encode(text)
}

const BLOCK = 64

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The first 32 bits of the fractional part. */
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) >>> 0

const firstPrimes = (count: number): number[] => {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++)
    if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

const createSha256 = (): ((message: Uint8Array) => Uint8Array) => {
  const primes = firstPrimes(64)
  const k = primes.map((prime) => fraction(Math.cbrt(prime)))
  const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
  return (message) => {
    const hash = [...initial]
    const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6)
    padded.set(message)
    padded[message.length] = 0x80
    const view = new DataView(padded.buffer)
    view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29))
    view.setUint32(padded.length - 4, message.length << 3)
    for (let start = 0; start < padded.length; start += BLOCK) compress(view, start, hash, k)
    const bytes = new DataView(new ArrayBuffer(32))
    for (const [i, word] of hash.entries()) bytes.setUint32(i * 4, word)
    return new Uint8Array(bytes.buffer)
  }
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const compress = (view: DataView, start: number, hash: number[], k: readonly number[]): void => {
  const w = new Uint32Array(64)
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(start + i * 4)
  for (let i = 16; i < 64; i++) {
    const [x = 0, y = 0, far = 0, near = 0] = [w[i - 15], w[i - 2], w[i - 16], w[i - 7]]
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    w[i] = far + s0 + near + s1
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (k[i] ?? 0) + (w[i] ?? 0)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries())
    hash[i] = ((hash[i] ?? 0) + word) >>> 0
}
