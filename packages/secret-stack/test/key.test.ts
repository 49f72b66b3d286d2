import fc from 'fast-check'
import ref from 'ssb-ref'
import { describe, expect, it, vi } from 'vitest'
import { readKey } from '../src/key.js'

const KEY = 'DQjvp5jmMZ3JC4GRYrSSCKsR9yBiuFNJHdbEkcjZlfo='

/** The key, or the code of the error. */
const read = (address: string): string | undefined => {
  try {
    return readKey(address)
  } catch (error) {
    return (error as { code: string }).code
  }
}

/**
 * The same by ssb-ref, which is asked of each alternative alone; but for the one difference that is meant: `shs` without
 * data names no key.
 */
const readByRef = (address: string): string | undefined => {
  try {
    ref.toMultiServerAddress(address)
  } catch {
    return 'INVALID_ADDRESS'
  }
  const named = alternativesOf(address)
    .map((alternative) => ref.getKeyFromAddress(alternative))
    .filter((key) => key !== undefined)
  const [first] = named
  if (named.some((key) => key !== first)) return undefined
  return first === '@undefined.ed25519' || first === '@.ed25519' ? undefined : first
}

/** Character by character. */
const alternativesOf = (address: string): string[] => {
  const all = ['']
  let isEscaped = false
  for (const character of address) {
    if (character === ';' && !isEscaped) all.push('')
    else all[all.length - 1] += character
    isEscaped = character === '!' && !isEscaped
  }
  return all
}

const list = <T>(item: fc.Arbitrary<T>, separator: string, minLength: number, maxLength: number) =>
  fc.array(item, { minLength, maxLength }).map((items) => items.join(separator))

const key = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((ip) => `[${ip}]`),
)
const ordinary = fc
  .tuple(fc.constantFrom('net', 'ws', 'wss', 'onion'), host, fc.nat(65535), key)
  .map(([name, host, port, key]) => `${name}:${host}:${port}~shs:${key}`)

const name = fc.oneof(
  fc.constantFrom('net', 'ws', 'shs', 'shs2', 'shs-v3', 'noauth', 'tunnel', 'bt', 'unix'),
  fc.stringMatching(/^[a-z][a-z0-9-]{1,6}$/),
)
const plain = fc.stringMatching(/^["-9<-}]{0,8}$/)
const escaped = list(fc.oneof(plain, fc.constantFrom('!!', '!~', '!:', '!;')), '', 0, 4)

/** Anything that the grammar allows: several transforms, several addresses, parts without data. */
const addressWith = (data: fc.Arbitrary<string>) => {
  const protocol = fc.tuple(name, fc.array(fc.oneof(data, key), { maxLength: 3 }))
  const one = list(
    protocol.map(([name, data]) => [name, ...data].join(':')),
    '~',
    1,
    3,
  )
  return list(fc.oneof(one, ordinary), ';', 1, 3).filter(({ length }) => length <= 512)
}

const mutated = fc
  .tuple(
    fc.oneof(ordinary, addressWith(plain), addressWith(escaped)),
    fc.nat(),
    fc.constantFrom('insert', 'delete', 'replace'),
    fc.constantFrom(...':~;!AZaz09-"{}| \n\t\0\u007fé'),
  )
  .map(([address, place, how, character]) => {
    const at = place % address.length
    const rest = address.slice(how === 'insert' ? at : at + 1)
    return address.slice(0, at) + (how === 'delete' ? '' : character) + rest
  })

describe('the key is the one that ssb-ref reads in all alternatives', () => {
  it.each([
    ['ordinary addresses', ordinary],
    ['addresses without escapes', addressWith(plain)],
    ['addresses with escapes', addressWith(escaped)],
  ])('from %s', (_, addresses) => {
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    fc.assert(
      fc.property(addresses, (address) => {
        expect(read(address)).toBe(readByRef(address))
        expect(read(address)).not.toBe('INVALID_ADDRESS')
      }),
      { seed: 1, numRuns: 300 },
    )
    expect(logged).not.toHaveBeenCalled()
  })

  it('from addresses with one wrong character, which both refuse or both accept', () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const count = { refused: 0, accepted: 0 }
    fc.assert(
      fc.property(mutated, (address) => {
        const expected = readByRef(address)
        expect(read(address)).toBe(expected)
        count[expected === 'INVALID_ADDRESS' ? 'refused' : 'accepted']++
      }),
      { seed: 1, numRuns: 800 },
    )
    expect(count.refused).toBeGreaterThan(150)
    expect(count.accepted).toBeGreaterThan(150)
  })
})

describe('the key', () => {
  it.each([
    ['of an ordinary address', `net:example.com:8008~shs:${KEY}`],
    ['of an IPv6 host', `net:fe80::1%eth0:8008~shs:${KEY}`],
    ['with a seed behind it', `net:example.com:8008~shs:${KEY}:SEED`],
    ['of a version of shs to come', `net:example.com:8008~shs2:${KEY}`],
    ['behind other transforms', `tunnel:@room:@peer~gzip:9~shs:${KEY}`],
    ['on which all alternatives agree', `bt:aa~noauth;net:h:1~shs:${KEY};onion:h:2~shs:${KEY}`],
    ['on which all agree, with escapes', `net:!!:1~shs:${KEY};net:h:1~noauth;net:h:2~shs:${KEY}`],
    ['of the peer of a tunnel, not of its room', `tunnel:@ROOM.ed25519:@PEER.ed25519~shs:${KEY}`],
    ['behind an escaped separator', `unix:/run/a!~b!;c~shs:${KEY}`],
  ])('%s', (_, address) => {
    expect(readKey(address)).toBe(`@${KEY}.ed25519`)
  })

  it('is read without its escapes', () => {
    expect(readKey('net:h:1~shs:a!!b!:c')).toBe('@a!b:c.ed25519')
  })

  it.each([
    'net:example.com:8008',
    'unix:/run/sbot~noauth',
    'net:h:1~shs',
    'net:h:1~shs:',
    `net:h:1~shs;net:h:1~shs:${KEY}`,
    'net:!!:1~shs',
    'net:!!:1~shs:',
    'net:h:1~shs:undefined',
    `net:h:1~shs:${KEY};net:h:1~shs`,
    `onion:a:1~shs:${KEY};net:127.0.0.1:8008~shs:OTHER`,
    `onion:a:1~noauth;net:h:1~shs:${KEY};net:127.0.0.1:8008~shs:OTHER`,
    `onion:a!!:1~shs:${KEY};net:127.0.0.1:8008~shs:OTHER`,
  ])('is not there in %s', (address) => {
    expect(readKey(address)).toBeUndefined()
  })

  it.each([
    '',
    'n:h:1~shs:K',
    'Net:h:1~shs:K',
    'net:h:1~',
    'net:h:1~shs:K;',
    'net:h:1!~shs!K',
    'net:a b:1~shs:K',
    `net:h:1~shs:${KEY}\n`,
    'example.com:8008',
  ])('is refused in %j', (address) => {
    expect(() => readKey(address)).toThrow(
      expect.objectContaining({ name: 'HubError', code: 'INVALID_ADDRESS' }),
    )
  })
})

describe('ssb-ref, which is slow', () => {
  const spies = () => [vi.spyOn(ref, 'toMultiServerAddress'), vi.spyOn(ref, 'getKeyFromAddress')]
  const expectUnused = (spies: unknown[]) => {
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  }

  it('reads addresses with escapes', () => {
    const both = spies()
    readKey(`unix:/a!~b~shs:${KEY}`)
    for (const spy of both) expect(spy).toHaveBeenCalledOnce()
  })

  it('never sees an address without escapes, valid or not', () => {
    const both = spies()
    fc.assert(
      fc.property(fc.oneof(ordinary, addressWith(plain), mutated), (address) => {
        fc.pre(!address.includes('!'))
        read(address)
      }),
      { seed: 1, numRuns: 500 },
    )
    expectUnused(both)
  })

  const host = (length: number) => 'a'.repeat(length - `net::1~shs:${KEY}`.length)
  const plainOf = (length: number) => `net:${host(length)}:1~shs:${KEY}`
  const escapedOf = (length: number) => `net:!!${host(length).slice(2)}:1~shs:${KEY}`

  it('never sees an address with escapes that is longer than 512 characters', () => {
    expect(read(escapedOf(512))).toBe(`@${KEY}.ed25519`)
    const both = spies()
    expect(escapedOf(513)).toHaveLength(513)
    expect(read(escapedOf(513))).toBe('ADDRESS_TOO_LONG')
    expectUnused(both)
  })

  it('never sees an address that is longer than 4096 characters, nor does anything else', () => {
    const both = spies()
    const matched = vi.spyOn(RegExp.prototype, 'test')
    expect(read(plainOf(4097))).toBe('ADDRESS_TOO_LONG')
    expect(read('!'.repeat(4097))).toBe('ADDRESS_TOO_LONG')
    expect(matched).not.toHaveBeenCalled()
    matched.mockRestore()
    expect(read(plainOf(4096))).toBe(`@${KEY}.ed25519`)
    expectUnused(both)
  })
})
