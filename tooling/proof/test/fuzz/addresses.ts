import fc from 'fast-check'

// Addresses as strangers write them: they come with invites, gossip and the announcements of rooms.

const KEY = 'DQjvp5jmMZ3JC4GRYrSSCKsR9yBiuFNJHdbEkcjZlfo='

/** What addresses are made of, and what does not belong there. */
const PIECES = [
  ...['net', 'ws://', 'wss://', 'tunnel', 'unix', 'onion', 'dht', 'bt', 'noauth', 'shs', 'shs2'],
  ...':~;!@/%?#[].-'.split(''),
  ...['!!', '!:', '%41', '%%', ' ', '\n', '\0', '\u001b[2J', '\u202e', '\ufeff', '\ud800', '💡'],
  ...['127.0.0.1', '::1', 'fe80::1%eth0', 'example.com', '8008', '99999', '1e9', '0x7f.1'],
  ...[KEY, `@${KEY}.ed25519`, `&${KEY}.sha256`, '.ed25519', 'undefined', 'NaN', '__proto__'],
]
const piece = fc.constantFrom(...PIECES)

/** The forms in which Scuttlebutt names peers and places. */
const FORMS = [
  `net:example.com:8008~shs:${KEY}`,
  `net:127.0.0.1:8008~shs:${KEY}:SEED`,
  `net:fe80::1%eth0:8008~shs:${KEY}`,
  `net:h:1~noauth;ws://h:2~shs:${KEY}`,
  `tunnel:@${KEY}.ed25519:@${KEY}.ed25519~shs:${KEY}`,
  `unix:/run/a!~b!;c~shs:${KEY}`,
  `example.com:8008:@${KEY}.ed25519`,
  `example.com:8008:@${KEY}.ed25519~SEED`,
  `net:h:1~shs:${KEY}:${KEY};net:h:2~shs:${KEY}`,
  `@${KEY}.ed25519`,
  `%${KEY}.sha256`,
  `ssb://experimental?action=claim-http-invite&invite=${KEY}`,
]
const form = fc.constantFrom(...FORMS)

const patched = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const damaged = fc.tuple(form, fc.nat(), piece, fc.nat(3)).map(([text, place, wrong, cut]) => {
  const at = place % (text.length + 1)
  return text.slice(0, at) + wrong + text.slice(at + cut)
})
const control = fc
  .array(fc.nat(0x9f), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes))
/** Around the limits, and far beyond them. */
const lengths = fc.constantFrom(511, 512, 513, 4_095, 4_096, 4_097, 65_536, 1_000_000)
const long = fc
  .tuple(fc.constantFrom('fault:', 'net:', '!', ''), piece, lengths)
  .map(([head, part, length]) => head + part.repeat(Math.ceil(length / part.length)))

/** Names that every object has. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
]

/** Addresses of every sort; half of them begin with `prefix`, so that they get further. */
export const addressesWith = (prefix: string): fc.Arbitrary<string> => {
  const text = fc.oneof(
    fc.constantFrom('', ...NAMES),
    form,
    patched,
    damaged,
    control,
    long,
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  return fc.oneof(
    text,
    text.map((rest) => prefix + rest),
  )
}
