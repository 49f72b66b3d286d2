import { describe, expect, it } from 'vitest'
import { AUTHORIZATION, behind, type ProxyName, startProxy } from './proxies.js'
import { ask, openStream, setup } from './support.js'

const PUBLIC = 'ops.example.com'
const headers = { host: PUBLIC, authorization: AUTHORIZATION }

/** How each is told to hand on a path with the token in it, and one that it leaves as it is. */
const CHANGES: Record<ProxyName, Record<'withToken' | 'asItIs', (recipe: string) => string>> = {
  nginx: {
    withToken: (recipe) => recipe.replace('/TOKEN/', '/'),
    asItIs: (recipe) => recipe.replace('/TOKEN/', ''),
  },
  caddy: {
    withToken: (recipe) => recipe.replace('rewrite * /TOKEN{uri}', ''),
    asItIs: (recipe) =>
      recipe.replace('rewrite * /TOKEN{uri}', '').replace('handle_path', 'handle'),
  },
}

describe.each(['nginx', 'caddy'] as const)('behind %s', (proxy) =>
  behind(proxy, () => {
    it('serves the page below a path, to who knows the password alone', async () => {
      const { inspector } = await setup({ allowedHosts: [PUBLIC] })
      const { origin } = await startProxy(proxy, inspector.url)
      expect((await ask(`${origin}/hub/`, { headers: { host: PUBLIC } })).status).toBe(401)
      const page = await ask(`${origin}/hub/`, { headers })
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page.body)?.[1]
      expect((await ask(`${origin}/hub/${script}`, { headers })).status).toBe(200)
      const head = await ask(`${origin}/hub/`, { method: 'HEAD', headers })
      expect([head.status, head.body]).toEqual([200, ''])
    })

    it('lets events through as they come, and commands of its own page', async () => {
      const { inspector, open, hub } = await setup({ allowedHosts: [PUBLIC], allowControl: true })
      const { origin } = await startProxy(proxy, inspector.url)
      const reader = await openStream(`${origin}/hub/`, { headers })
      // Each is far smaller than the buffers of a proxy.
      for (let i = 1; i <= 3; i++) {
        open(`p${i}`)
        await reader.heard(i)
      }
      const post = (from: string) =>
        ask(`${origin}/hub/control`, {
          method: 'POST',
          headers: { ...headers, origin: from, 'content-type': 'application/json' },
          body: '{"do":"reset"}',
        })
      expect((await post('https://evil.example')).status).toBe(403)
      expect(hub.size).toBe(3)
      expect((await post(`https://${PUBLIC}`)).status).toBe(200)
      expect(hub.size).toBe(0)
    })

    it('says which option is missing', async () => {
      const { inspector } = await setup()
      const { origin } = await startProxy(proxy, inspector.url)
      const { status, body } = await ask(`${origin}/hub/`, { headers })
      expect([status, body]).toEqual([403, expect.stringContaining('the option allowedHosts')])
    })

    it('leads on below the path where the token is in it', async () => {
      const { inspector } = await setup({ allowedHosts: [PUBLIC] })
      const { origin } = await startProxy(proxy, inspector.url, CHANGES[proxy].withToken)
      const token = new URL(inspector.url).pathname.slice(1, -1)
      const moved = await ask(`${origin}/hub/${token}`, { headers })
      expect(moved.status).toBe(308)
      const there = new URL(moved.headers.location ?? '', `${origin}/hub/${token}`)
      expect(there.pathname).toBe(`/hub/${token}/`)
      expect((await ask(there, { headers })).status).toBe(200)
    })

    it('may hand the path on as it is, with basePath', async () => {
      const { inspector } = await setup({ allowedHosts: [PUBLIC], basePath: '/hub/' })
      const { origin } = await startProxy(proxy, inspector.url, CHANGES[proxy].asItIs)
      const { pathname } = new URL(inspector.url)
      expect((await ask(`${origin}${pathname}summary`, { headers })).status).toBe(200)
    })
  }),
)
