import { connect } from 'node:net'
import { createHub } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, setup, TOKEN } from './support.js'

const HINT = 'Whoever runs this can give its name to the option allowedHosts.'
const UNKNOWN_HOST = `Unknown Host. ${HINT}\n`
const UNKNOWN_ORIGIN = `Unknown Origin. ${HINT}\n`
const PATHS = ['', 'stream', 'control', 'assets/x.js']

describe('without the token', () => {
  it.each([
    '',
    '/',
    '/stream',
    '/wrong/',
    '/wrong/stream',
    `/${TOKEN.slice(1)}/stream`,
    `/${TOKEN}x/stream`,
    `/${TOKEN.toUpperCase()}/stream`,
    `//${TOKEN}/stream`,
    `/..%2f${TOKEN}/stream`,
    `/?${TOKEN}/stream`,
  ])('%j is not found, and nothing is told', async (path) => {
    const { inspector, open } = await setup()
    open('secret')
    const answer = await raw(inspector.url, `GET ${path} HTTP/1.1\r\nHost: localhost`)
    expect(answer.status).toMatch(/^HTTP\/1.1 (400|404)/)
    expect(answer.body).toBe(path === '' ? '' : 'Not found.\n')
  })

  it('a request for the same of another server is not found', async () => {
    const { inspector } = await setup()
    const request = `GET ${inspector.url}stream HTTP/1.1\r\nHost: localhost`
    expect((await raw(inspector.url, request)).status).toBe('HTTP/1.1 404 Not Found')
  })
})

describe('a Host', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:80',
    'localhost',
    'LOCALHOST:9',
    '[::1]',
    '[::1]:7000',
    '127.9.9.9',
  ])('%s is ours', async (host) => {
    const { inspector } = await setup()
    const { status } = await ask(`${inspector.url}nothing`, { headers: { host } })
    expect(status).toBe(404)
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    '192.168.0.1',
    '0.0.0.0',
    '[::]',
    'localhost:x',
    'user@localhost',
    '[::1',
  ])('%s is refused, with the token too', async (host) => {
    const { inspector } = await setup({ allowControl: true })
    for (const path of PATHS) {
      const { status, body } = await ask(inspector.url + path, { headers: { host } })
      expect([status, body]).toEqual([403, UNKNOWN_HOST])
    }
  })

  it('that is missing is refused', async () => {
    const { inspector } = await setup()
    const answer = await raw(inspector.url, `GET /${TOKEN}/stream HTTP/1.0`)
    expect(answer.status).toBe('HTTP/1.1 403 Forbidden')
  })

  it('that is an address is ours where other machines may come, and a strange name is not', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { inspector } = await setup({ host: '0.0.0.0', allowRemote: true })
    const statusAt = async (host: string) =>
      (await ask(`${inspector.url}nothing`, { headers: { host } })).status
    expect(await statusAt('192.168.0.1:8000')).toBe(404)
    expect(await statusAt('[fe80::1]:8000')).toBe(404)
    expect(await statusAt('evil.example')).toBe(403)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toMatch(/other machines, without encryption/)
  })
})

describe('an Origin', () => {
  it.each(['http://evil.example', 'null', 'https://localhost:80', 'http://localhost:81', ''])(
    '%j is refused',
    async (origin) => {
      const { inspector } = await setup({ allowControl: true })
      for (const path of PATHS) {
        const headers = { host: 'localhost:80', origin }
        const { status, body } = await ask(inspector.url + path, { headers })
        expect([status, body]).toEqual([403, UNKNOWN_ORIGIN])
      }
    },
  )

  it('that is our own is welcome', async () => {
    const { inspector, stream } = await setup()
    const reader = await stream({ headers: { origin: new URL(inspector.url).origin } })
    await reader.saw('snapshot')
  })
})

describe('every answer', () => {
  it('forbids the browser all that the page does not need', async () => {
    const { inspector, stream } = await setup()
    const answers = [
      await ask(inspector.url),
      await ask(`${inspector.url}nothing`),
      await ask(inspector.url, { headers: { host: 'evil.example' } }),
      await ask(`${inspector.url}control`, { method: 'POST' }),
      await ask(`${inspector.url}summary`),
      { headers: (await stream()).response.headers },
    ]
    for (const { headers } of answers) {
      const isStream = headers['content-type'] === 'text/event-stream'
      expect(headers).toMatchObject({
        'cache-control': isStream ? 'no-store, no-transform' : 'no-store',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it.each([
    ['', 'POST', 'GET, HEAD'],
    ['stream', 'POST', 'GET, HEAD'],
    ['stream', 'OPTIONS', 'GET, HEAD'],
    ['summary', 'POST', 'GET, HEAD'],
    ['explain', 'DELETE', 'GET, HEAD'],
    ['control', 'GET', 'POST'],
    ['control', 'OPTIONS', 'POST'],
  ])('to %j by %s says what it takes: %s', async (path, method, allowed) => {
    const { inspector } = await setup({ allowControl: true })
    const { status, headers } = await ask(inspector.url + path, { method })
    expect([status, headers.allow]).toEqual([405, allowed])
  })

  it('leads from the address without its last slash to the one with it', async () => {
    const { inspector } = await setup()
    const { status, headers } = await ask(inspector.url.slice(0, -1))
    expect([status, headers.location]).toEqual([308, `./${TOKEN}/`])
  })
})

it('takes a new token each time, of 32 random bytes', async () => {
  const hub = createHub({ transport: createFaultTransport() })
  const urls = []
  for (let i = 0; i < 2; i++) {
    const inspector = await serveInspector(hub)
    onTestFinished(() => inspector.close())
    urls.push(inspector.url)
  }
  for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/)
  expect(urls[0]?.split('/')[3]).not.toBe(urls[1]?.split('/')[3])
})

/** A request as it is written here: clients mend what we want to send. */
const raw = async (url: string, head: string): Promise<{ status: string; body: string }> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(`${head}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const part of socket) text += part
  const [headers = '', body = ''] = text.split('\r\n\r\n')
  return { status: headers.split('\r\n')[0] ?? '', body }
}
