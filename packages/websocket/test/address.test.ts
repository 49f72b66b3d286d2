import { describe, expect, it } from 'vitest'
import { createWebSocketTransport, toAddress } from '../src/index.js'
import { createDialer } from './support.js'

const transport = createWebSocketTransport()

const REFUSED: [address: string, why: RegExp][] = [
  ['http://example.com/', /begin with ws:/],
  ['example.com', /begin with ws:/],
  ['javascript:alert(1)', /begin with ws:/],
  ['file:///etc/passwd', /begin with ws:/],
  ['ws:example.com', /begin with ws:/],
  ['ws://', /begin with ws:/],
  ['ws:// example.com', /begin with ws:/],
  ['ws://exam\tple.com/', /begin with ws:/],
  ['ws://exam\nple.com/', /begin with ws:/],
  ['ws:\\\\example.com', /begin with ws:/],
  ['ws://example.com:99999/', /Invalid URL/],
  ['ws://[::1/', /Invalid URL/],
  ['ws://exa%00mple/', /Invalid URL/],
  ['ws://example.com/#there', /no "#"/],
  ['ws://example.com/#', /no "#"/],
  ['ws://anna@example.com/', /no user/],
  ['ws://anna:secret@example.com/', /no user/],
  ['ws://@example.com/', /no user/],
]

describe('an address', () => {
  it.each(REFUSED)('%j is refused before anything is dialed', async (address, why) => {
    const { hub, recording } = createDialer()
    await expect(hub.connect(address)).rejects.toMatchObject({
      code: 'INVALID_ADDRESS',
      message: expect.stringMatching(why),
    })
    expect(recording.events).toEqual([])
  })

  it('says by its kind whether it is encrypted', () => {
    expect(transport.describe('ws://example.com/')).toEqual({ kind: 'ws' })
    expect(transport.describe('wss://example.com/a?b=@c')).toEqual({ kind: 'wss' })
  })

  it('of a link that others opened can be read, and not dialed', async () => {
    expect(transport.describe('ws-in:127.0.0.1:4000')).toEqual({ kind: 'ws-in' })
    const { hub } = createDialer()
    const dial = hub.connect('ws-in:127.0.0.1:4000')
    await expect(dial).rejects.toMatchObject({ code: 'NOT_DIALABLE' })
  })
})

describe('toAddress()', () => {
  it.each([
    ['ws://EXAMPLE.com', undefined, 'ws://example.com/'],
    ['WSS://example.com:443/a/../b', undefined, 'wss://example.com/b'],
    ['ws://example.com:80', undefined, 'ws://example.com/'],
    ['ws://ex%41mple.com/', undefined, 'ws://example.com/'],
    ['ws://bücher.example', undefined, 'ws://xn--bcher-kva.example/'],
    ['https://example.com/chat', undefined, 'wss://example.com/chat'],
    ['/chat', 'https://example.com/app', 'wss://example.com/chat'],
    ['chat?room=1', 'http://localhost:8080/app/', 'ws://localhost:8080/app/chat?room=1'],
  ])('of %j from %j is %j', (url, base, address) => {
    expect(toAddress(url, base)).toBe(address)
    expect(toAddress(address)).toBe(address)
  })

  it.each(['', '/chat', 'ftp://example.com', 'ws://a@b/', 'ws://b/#c'])('refuses %j', (url) => {
    expect(() => toAddress(url)).toThrow(expect.objectContaining({ code: 'INVALID_ADDRESS' }))
  })
})
