import { describe, expect, it, vi } from 'vitest'
import { ipPrefix, limitInbound } from '../src/index.js'
import { Rate } from '../src/sessions/rate.js'
import { A, B, C, createClock, setup } from './setup.js'

describe('ipPrefix', () => {
  const by = ipPrefix({ v4: 24, v6: 64 })

  it.each([
    ['net:1.2.3.4:8008~shs:KEY', '1.2.3/24'],
    ['1.2.3.4:80', '1.2.3/24'],
    ['1.2.3.4', '1.2.3/24'],
    ['tcp:1.2.3.200:1', '1.2.3/24'],
    ['ws://1.2.3.4:80/path', '1.2.3/24'],
    ['ws-in:1.2.3.4:80', '1.2.3/24'],
    ['ws-in:1.2.3.4:80/2', '1.2.3/24'],
    ['ws://1.2.3.4:80?room=1', '1.2.3/24'],
    ['ws://1.2.3.4?room=1', '1.2.3/24'],
    ['ws://[::ffff:102:304]:80#a', '1.2.3/24'],
    ['[::ffff:1.2.3.4]:80', '1.2.3/24'],
    ['net:::ffff:1.2.3.4:8008~shs:KEY', '1.2.3/24'],
    ['ws://user@1.2.3.4/path', '1.2.3/24'],
    ['ws://user:word@1.2.3.4:80/', '1.2.3/24'],
    ['[2001:db8::1]:80', '2001:db8:0:0::/64'],
    ['ws://[2001:db8::2]:80/', '2001:db8:0:0::/64'],
    ['2001:db8::3', '2001:db8:0:0::/64'],
    ['net:2001:db8::3:8008~shs:KEY', '2001:db8:0:0::/64'],
    ['net:2001!:db8!:!:3:8008~shs:KEY', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['net:fe80::1%eth0:8008~shs:KEY', 'fe80:0:0:0::/64'],
  ])('reads %s as %s', (address, prefix) => {
    expect(by({ address })).toBe(prefix)
  })

  it.each([
    'net:example.com:8008',
    'mem:anna',
    'unix:/tmp/socket~noauth',
    'net:1.2:80',
    'net:16909060:80',
    'net:1.2.3.400:80',
    '',
    '1.2.3.4'.padStart(5_000, 'x'),
    '\n1.2.3.4',
  ])('finds no group in %j', (address) => {
    expect(by({ address })).toBeUndefined()
  })

  it('counts bits that are no whole bytes', () => {
    const odd = ipPrefix({ v4: 20, v6: 60 })
    expect(odd({ address: '1.2.255.4' })).toBe('1.2.240/20')
    expect(odd({ address: '2001:db8:0:ff::1' })).toBe('2001:db8:0:f0::/60')
  })

  it('keeps IPv4 and IPv6 apart, however many bits count', () => {
    for (let bits = 1; bits <= 32; bits++) {
      const same = ipPrefix({ v4: bits, v6: bits })
      expect(same({ address: '32.1.13.184' })).not.toBe(same({ address: '2001:db8::1' }))
    }
  })

  it('takes the very bits, as two addresses that differ in one of them show', () => {
    const flipped = (bit: number) => {
      const groups = Array.from({ length: 8 }, (_, i) =>
        i === bit >> 4 ? 0x8000 >> (bit & 15) : 0,
      )
      return groups.map((group) => group.toString(16)).join(':')
    }
    for (let v6 = 1; v6 <= 128; v6++) {
      const by6 = ipPrefix({ v6 })
      for (let bit = 0; bit < 128; bit++) {
        const isSame = by6({ address: flipped(bit) }) === by6({ address: '::' })
        expect([v6, bit, isSame]).toEqual([v6, bit, bit >= v6])
      }
    }
  })

  it.each([{ v4: 0 }, { v4: 33 }, { v6: 129 }, { v6: 1.5 }, { v5: 1 }])('refuses %j', (options) => {
    expect(() => ipPrefix(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('Rate', () => {
  it('lets a burst pass, and then one for each interval', () => {
    const rate = new Rate(3, 3_000)
    expect([0, 0, 0, 0].map((at) => rate.take('a', at))).toEqual([true, true, true, false])
    expect(rate.waitOf('a', 0)).toBe(1_000)
    expect([999, 1_000, 1_001, 2_000].map((at) => rate.take('a', at))).toEqual([
      false,
      true,
      false,
      true,
    ])
    expect(rate.take('b', 2_000)).toBe(true)
  })

  it('lets no more than max pass in any time of per, beyond the burst', () => {
    const rate = new Rate(7, 1_000)
    let passed = 0
    for (let at = 0; at < 100_000; at += 3) if (rate.take('a', at)) passed++
    expect(passed).toBeGreaterThan(690)
    expect(passed).toBeLessThanOrEqual(707)
  })

  it('forgets groups that are over, two for each that comes', () => {
    const rate = new Rate(1, 1_000)
    for (let i = 0; i < 1_000; i++) rate.take(`${i}`, i)
    for (let i = 0; i < 1_000; i++) rate.take(`new ${i}`, 5_000)
    expect(rate.groups).toBeLessThanOrEqual(1_000)
  })

  it('never has more groups than its bound', () => {
    const rate = new Rate(1, 1e9, 100)
    for (let i = 0; i < 10_000; i++) rate.take(`${i}`, i)
    expect(rate.groups).toBeLessThanOrEqual(100)
  })
})

describe('limitInbound', () => {
  const all = () => 'all'

  it('refuses what comes too often, with a reason, and tells it', () => {
    const clock = createClock()
    const limit = limitInbound({ by: all, max: 2, per: 1_000, clock })
    const { hub, transport, refused } = setup([limit])
    const sessions = [A, B, C].map((address) => transport.inbound(address))
    expect(sessions.map(({ reasons }) => reasons)).toEqual([[], [], ['limit']])
    expect(refused).toEqual([`limitInbound inbound ${C}: limit-rate`])
    const text = 'no more from all: 2 in 1000 ms have come'
    expect(limit.explain(C)).toEqual([{ by: 'limitInbound', text, until: 1_500 }])
    clock.pass(500)
    transport.inbound(C)
    expect(hub.size).toBe(3)
  })

  it('refuses more than so many at once; each leaves by its own end', () => {
    const limit = limitInbound({ by: all, concurrent: 1 })
    const { transport, refused } = setup([limit])
    const a = transport.inbound(A)
    transport.inbound(B)
    expect(refused).toEqual([`limitInbound inbound ${B}: limit-concurrent`])
    expect(limit.explain(B)).toEqual([
      { by: 'limitInbound', text: 'no more from all: 1 sessions are open' },
    ])
    a.end()
    expect(limit.explain(B)).toEqual([])
    expect(transport.inbound(B).reasons).toEqual([])
  })

  it('does not limit what is in no group, and what we dial', () => {
    const { hub, transport } = setup([
      limitInbound({ by: ({ address }) => (address === A ? 'a' : undefined), concurrent: 1 }),
    ])
    for (let i = 0; i < 10; i++) transport.inbound(`fault:${i}`)
    hub.connect(A).catch(() => {})
    transport.lastDial.succeed()
    expect(hub.size).toBe(11)
  })

  it('refuses where the function that groups throws', () => {
    const by = () => {
      throw new Error('no group')
    }
    const { hub, transport, refused } = setup([limitInbound({ by, concurrent: 1 })])
    transport.inbound(A)
    expect([hub.size, refused]).toEqual([0, [`limitInbound inbound ${A}: failed: no group`]])
  })

  it('asks nothing about what cannot be judged', () => {
    const by = vi.fn(all)
    const { transport } = setup([limitInbound({ by, concurrent: 1 })])
    transport.acceptAnything(undefined)
    transport.acceptAnything({ address: A, session: {} })
    expect(by).not.toHaveBeenCalled()
  })

  it.each([
    [{}, 'by'],
    [{ by: all }, 'concurrent'],
    [{ by: all, max: 3 }, 'per'],
    [{ by: all, max: 3, per: Number.NaN }, 'per'],
    [{ by: all, max: Number.NaN, per: 3 }, 'max'],
    [{ by: all, per: 3 }, 'per'],
    [{ by: all, max: 0, per: 3 }, 'max'],
    [{ by: all, concurrent: 0 }, 'concurrent'],
    [{ by: all, concurent: 1 }, 'concurent'],
  ])('refuses %j by the name %s', (options, name) => {
    expect(() => limitInbound(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
    )
  })
})
