import { describe, expect, it } from 'vitest'
import { cutApart } from '../../src/plain/cut.js'

const room = `@${'R'.repeat(43)}=.ed25519`
const tunnels = Array.from(
  { length: 50 },
  (_, i) =>
    `tunnel:${room}:@${'T'.repeat(10)}${i}${'U'.repeat(30)}=.ed25519~shs:${'S'.repeat(43)}=`,
)

describe('addresses that stand together', () => {
  it.each([12, 20, 34, 60, 90])('differ at %i characters too', (length) => {
    const cut = cutApart(tunnels, length)
    expect(new Set(cut.values()).size).toBe(50)
    for (const short of cut.values())
      expect(short.length).toBeLessThanOrEqual(Math.max(12, length) + 2)
  })

  it('differ whatever they are: 200 sets by chance, of which no two look alike', () => {
    let state = 7
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * below)
    }
    for (let set = 0; set < 200; set++) {
      const base = Array.from({ length: 40 + random(100) }, () => 'abc'[random(3)])
      const texts = Array.from({ length: 30 }, () => {
        const text = [...base]
        for (let i = random(3); i >= 0; i--) text[random(text.length)] = 'xyz'[random(3)]
        return text.join('')
      })
      const cut = cutApart(texts, 12 + random(50))
      expect(new Set(cut.values()).size).toBe(new Set(texts).size)
    }
  })

  it('are whole where there is room, and alone are cut in the middle', () => {
    expect([...cutApart(['net:a:1', 'net:b:1'], 20).values()]).toEqual(['net:a:1', 'net:b:1'])
    expect([...cutApart(['net:example.com:8008'], 13).values()]).toEqual(['net:exam…8008'])
    expect(cutApart([], 10).size).toBe(0)
  })
})
