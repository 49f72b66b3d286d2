import { describe, expect, it } from 'vitest'
import { ask, setup, TOKEN } from './support.js'

const headers = (host: string, origin?: string) => ({
  headers: { host, ...(origin && { origin }) },
})

describe('allowedHosts', () => {
  const allowedHosts = ['ops.example.com', 'Strict.example.com:8443']

  it.each(['ops.example.com', 'OPS.example.com:444', 'strict.example.com:8443'])(
    'lets %s in',
    async (host) => {
      const { inspector } = await setup({ allowedHosts })
      expect((await ask(`${inspector.url}summary`, headers(host))).status).toBe(200)
    },
  )

  it.each(['example.com', 'x.ops.example.com', 'ops.example.com.evil', 'strict.example.com'])(
    'keeps %s out, and says which option',
    async (host) => {
      const { inspector } = await setup({ allowedHosts })
      const { status, body } = await ask(`${inspector.url}summary`, headers(host))
      expect([status, body]).toEqual([403, expect.stringContaining('the option allowedHosts')])
    },
  )

  it.each([
    // A proxy that passes the name on, and one that does not.
    ['ops.example.com', 'https://ops.example.com', 200],
    ['127.0.0.1:8009', 'https://ops.example.com', 200],
    ['127.0.0.1:8009', 'http://ops.example.com:8080', 200],
    ['127.0.0.1:8009', 'https://strict.example.com:8443', 200],
    ['127.0.0.1:8009', 'https://strict.example.com', 403],
    ['ops.example.com', 'https://evil.example.com', 403],
    ['ops.example.com', 'ftp://ops.example.com', 403],
    ['ops.example.com', 'https://ops.example.com.evil', 403],
    ['ops.example.com', 'https://ops.example.com@evil', 403],
    ['ops.example.com', 'null', 403],
  ])('asked by %s, the page of %s gets %i', async (host, origin, status) => {
    const { inspector } = await setup({ allowedHosts })
    expect((await ask(`${inspector.url}summary`, headers(host, origin))).status).toBe(status)
  })
})

describe('basePath', () => {
  it('comes before the token, in the address too', async () => {
    const { inspector } = await setup({ basePath: '/ops/hub/' })
    const { origin, pathname } = new URL(inspector.url)
    expect(pathname).toBe(`/ops/hub/${TOKEN}/`)
    expect((await ask(`${inspector.url}summary`)).status).toBe(200)
    const moved = await ask(inspector.url.slice(0, -1))
    expect([moved.status, moved.headers.location]).toEqual([308, `./${TOKEN}/`])
    for (const path of [
      `/${TOKEN}/`,
      `/ops/${TOKEN}/`,
      `/ops/hub${TOKEN}/`,
      `/x/ops/hub/${TOKEN}/`,
    ])
      expect((await ask(origin + path)).status).toBe(404)
  })
})

describe('HEAD', () => {
  it.each(['', 'stream', 'summary'])('of %j has the head of GET, and ends', async (path) => {
    const { inspector } = await setup()
    const { status, headers, body } = await ask(inspector.url + path, { method: 'HEAD' })
    expect([status, body]).toEqual([200, ''])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    if (path === '') expect(Number(headers['content-length'])).toBeGreaterThan(500)
  })

  it('of the stream takes no place', async () => {
    const { inspector } = await setup()
    for (let i = 0; i < 40; i++) await ask(`${inspector.url}stream`, { method: 'HEAD' })
    const { taken } = JSON.parse((await ask(`${inspector.url}summary`)).body)
    expect(taken).toBe(0)
  })
})

it('tells a proxy not to keep the stream back', async () => {
  const { stream } = await setup()
  const { headers } = (await stream()).response
  expect(headers['x-accel-buffering']).toBe('no')
})
