import fc from 'fast-check'
import { type Make, oneOf } from './make.js'
import { hostile } from './values.js'

const KEY = 'DQjvp5jmMZ3JC4GRYrSSCKsR9yBiuFNJHdbEkcjZlfo='

/** What addresses are made of, and what was put between by those who mean no good. */
const PIECES = [
  ...['net', 'ws://', 'wss://', 'tunnel', 'unix', 'onion', 'dht', 'bt', 'noauth', 'shs', 'shs2'],
  ...[
    ':',
    ':',
    '~',
    ';',
    '!',
    '!!',
    '!:',
    '@',
    '/',
    '%',
    '%41',
    '%%',
    '?',
    '#',
    '[',
    ']',
    '.',
    '-',
  ],
  ...[
    '127.0.0.1',
    '::1',
    'fe80::1%eth0',
    'example.com',
    '8008',
    '99999',
    '1e9',
    '0x7f.1',
    '999999',
  ],
  ...[KEY, `@${KEY}.ed25519`, `&${KEY}.sha256`, '.ed25519', 'undefined', 'null', 'NaN', ' ', '\n'],
  ...['\0', '\u001b[2J', '\u202e', '\ufeff', '\ud800', 'é', '💡', '__proto__', 'constructor'],
]

const patched = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((p) => p.join(''))

/** The forms in which Scuttlebutt names peers and places, as they are and with one wrong character. */
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
const damaged = fc
  .tuple(fc.constantFrom(...FORMS), fc.nat(), fc.constantFrom(...PIECES), fc.nat(3))
  .map(([form, place, piece, cut]) => {
    const at = place % (form.length + 1)
    return form.slice(0, at) + piece + form.slice(at + cut)
  })

const unicode = fc.string({ unit: 'binary', maxLength: 60 })
const control = fc.array(fc.nat(0x9f), { maxLength: 20 }).map((c) => String.fromCharCode(...c))
const long = fc
  .tuple(fc.constantFrom('fault:', 'net:', '!', ':', ''), fc.constantFrom(...PIECES, 'x'), length())
  .map(([head, piece, length]) => head + piece.repeat(Math.ceil(length / piece.length)))

function length(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(511, 512, 513, 4_089, 4_090, 4_091, 4_095, 4_096, 4_097),
    fc.constantFrom(65_536, 1_000_000),
  )
}

/** Entries that are there already, our own name, and names that objects have. */
const KNOWN = ['fault:open', 'fault:dialing', 'fault:closing'] as const
const named = fc.constantFrom(
  ...KNOWN,
  ...['fault:new', 'fault:newer', 'fault:newest'],
  ...[
    'fault:me',
    'fault:me',
    'fault:anonymous',
    'fault:',
    '',
    'fault:__proto__',
    'fault:constructor',
  ],
  ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'],
)

export const texts: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: named, weight: 12 },
  { arbitrary: patched, weight: 2 },
  { arbitrary: damaged, weight: 3 },
  { arbitrary: fc.constantFrom(...FORMS), weight: 1 },
  { arbitrary: unicode, weight: 2 },
  { arbitrary: unicode.map((text) => `fault:${text}`), weight: 2 },
  control,
  long,
)

/** Strings of every kind, and what is no string. */
export const addresses: fc.Arbitrary<Make> = fc.oneof(
  { arbitrary: texts.map((text) => () => text), weight: 5 },
  hostile,
  oneOf({ address: 'fault:open' }, ['fault:open'], 42n),
)

/** The same, and half of the time one that has an entry. */
export const addressesThere: fc.Arbitrary<Make> = fc.oneof(oneOf(...KNOWN), addresses)
