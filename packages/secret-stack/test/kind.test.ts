import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindOf } from '../src/kind.js'

const LAN_HOSTS = [
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.10',
  '169.254.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '::',
  '::1',
  '[::1]',
  'fe80::1',
  'fe80::1%eth0',
  '[fe80::1%eth0]',
  'fc00::1',
  'fd12:3456:789a::1',
  '::ffff:10.0.0.1',
]

const INTERNET_HOSTS = [
  '9.255.255.255',
  '11.0.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '169.253.255.255',
  '8.8.8.8',
  '2001:4860:4860::8888',
  '[2001:4860:4860::8888]',
  '::ffff:8.8.8.8',
  'example.com',
  'localhost',
  '10.example.com',
  '999.1.1.1',
  'fe80.example.com',
]

describe('the kind of an address', () => {
  it.each(LAN_HOSTS)('is lan at %s', (host) => {
    expect(kindOf(`net:${host}:8008~shs:K`)).toBe('lan')
    expect(kindOf(`ws://${host}:8989~shs:K`)).toBe('lan')
  })

  it.each(INTERNET_HOSTS)('is internet at %s', (host) => {
    expect(kindOf(`net:${host}:8008~shs:K`)).toBe('internet')
    expect(kindOf(`wss://${host}:443/path~shs:K`)).toBe('internet')
  })

  it.each([
    ['bt', 'bt:65c3f5f0a1b2~shs:K'],
    ['dht', 'dht:seed:K~noauth'],
    ['tunnel', 'tunnel:@room.ed25519:@peer.ed25519~shs:K'],
    ['tunnel', 'tunnel:10.0.0.1:8008~shs:K'],
  ])('is %s where the address begins so: %s', (kind, address) => {
    expect(kindOf(address)).toBe(kind)
  })

  it.each([
    '',
    'net',
    'net:10.0.0.1~shs:K',
    'net:10.0.0.1:port~shs:K',
    'network:10.0.0.1:8008~shs:K',
    'unix:/run/sbot~noauth',
    'onion:abc.onion:8008~shs:K',
    'undefined~shs:K',
    'unknown~shs:K',
    'btx:1~shs:K',
  ])('is not known of %j', (address) => {
    expect(kindOf(address)).toBeUndefined()
  })

  it('is that of the first of several addresses', () => {
    expect(kindOf('net:10.0.0.1:8008~shs:K;net:8.8.8.8:8008~shs:K')).toBe('lan')
    expect(kindOf('net:8.8.8.8:8008~shs:K;net:10.0.0.1:8008~shs:K')).toBe('internet')
    expect(kindOf('net:10.0.0.1:8008;net:8.8.8.8:8008~shs:K')).toBe('lan')
  })

  it('is read without the escapes of the address', () => {
    expect(kindOf('net:!:!:1:8008~shs:K')).toBe('lan')
    expect(kindOf('ws!://10.0.0.1!:8989!~!;~shs:K')).toBeUndefined()
    expect(kindOf('ws!://10.0.0.1!:8989/a!~b~shs:K')).toBe('lan')
    expect(kindOf('net:a!~b!;c:8008~shs:K')).toBe('internet')
  })

  it('never throws', () => {
    const host = fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6(), fc.domain())
    const address = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.constantFrom('net:', 'ws://', 'wss://', 'bt:'), host).map(([name, host]) => {
        return `${name}${host}:8008~shs:K`
      }),
    )
    const kinds = ['bt', 'dht', 'internet', 'lan', 'tunnel', undefined]
    fc.assert(
      fc.property(address, (address) => {
        expect(kinds).toContain(kindOf(address))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})
