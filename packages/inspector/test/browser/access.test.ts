import { expect, it } from 'vitest'
import { inBrowser, openPage } from './browser.js'
import { createStage } from './stage.js'

inBrowser('access', () => {
  it('refuses a browser with another token: no page, no data', async () => {
    const stage = createStage()
    stage.open('lan:secret')
    const { url } = await stage.serve()
    const page = await openPage('about:blank')
    const wrong = url.replace(/[^/]+\/$/, `${'x'.repeat(36)}/`)
    const answer = await page.goto(wrong)
    expect(answer?.status()).toBe(404)
    expect(await page.content()).not.toContain('secret')
    expect(await page.locator('#root').count()).toBe(0)
  })

  it('refuses a name that only leads here (DNS rebinding)', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage('about:blank')
    const { port, pathname } = new URL(url)
    // Chromium takes every name below localhost for this machine, as it would a name that was rebound to it.
    const answer = await page.goto(`http://evil.localhost:${port}${pathname}`)
    expect(answer?.status()).toBe(403)
    expect(await page.locator('#root').count()).toBe(0)
  })

  it('refuses a page from elsewhere, which can neither read nor command', async () => {
    const stage = createStage()
    stage.open('lan:secret')
    const { url } = await stage.serve({ allowControl: true })
    const other = createStage()
    const elsewhere = await other.serve()
    const page = await openPage(
      'about:blank',
      {},
      /No 'Access-Control-Allow-Origin'|Failed to load/,
    )
    // No policy here: whatever is refused is refused by the inspector.
    await page.route(elsewhere.url, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>' }),
    )
    await page.goto(elsewhere.url)
    const outcome = await page.evaluate(async (inspector) => {
      const attempt = (path: string, options: RequestInit) =>
        fetch(inspector + path, options).then(
          (response) => response.status,
          () => 'refused',
        )
      const body = JSON.stringify({ do: 'reset' })
      return [
        await attempt('', {}),
        await attempt('stream', {}),
        await attempt('control', { method: 'POST', body }),
        await attempt('control', { method: 'POST', body, mode: 'no-cors' }),
      ]
    }, url)
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused'])
    expect(stage.hub.getState('lan:secret')).toBe('connected')
  })

  it('sends a policy under which no script but its own runs', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url, {}, /Content Security Policy/)
    await page.getByText('No connections yet').waitFor()
    const ran = await page.evaluate(async () => {
      const run = (element: HTMLElement) => {
        document.body.append(element)
        return new Promise((resolve) => setTimeout(resolve, 50))
      }
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      await run(script)
      return 'ran' in window
    })
    expect(ran).toBe(false)
  })
})
