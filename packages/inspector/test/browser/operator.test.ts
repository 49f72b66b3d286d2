import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { behind, startProxy, USER } from '../proxies.js'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('an operator', () => {
  it('sees who is down: why, since when, how often it was tried, and when it will be', async () => {
    const stage = createStage()
    const explain = (address: string) => [`kept: ${address}`, { nextAt: Date.now() + 119_000 }]
    const { url } = await stage.serve({ explain, name: 'room 7', key: '@me' })
    for (let i = 0; i < 3; i++) {
      stage.hub.connect('lan:anna', { data: { name: 'Anna' } }).catch(() => {})
      stage.transport.lastDial.fail(new Error('no route to host'))
    }
    stage.open('lan:bo').end(new Error('the cable is cut'))
    const page = await openPage(url)
    // Also a page that is opened later has ports for them.
    await page.getByRole('gridcell', { name: 'lan 1, dark, Anna, lan:anna' }).waitFor()
    expect(await page.locator('.port[data-state="failed"]').count()).toBe(2)
    await page.getByRole('button', { name: '2 down' }).click()
    const rows = page.locator('.rows li')
    await poll(() => rows.count()).toBe(2)
    await poll(() => rows.nth(1).textContent()).toMatch(
      /Anna lan:anna.*down \d+ (?:s|min), since \d\d:\d\d:\d\d.*3 tries.*next in 1 min.*no route to host/,
    )
    expect(await rows.nth(0).textContent()).toContain('the cable is cut')
    await rows.nth(1).getByRole('button').click()
    const peer = page.locator('section.peer')
    await peer.getByText('kept: lan:anna').waitFor()
    expect(await peer.textContent()).toMatch(/3 tries.*next attempt \d\d:\d\d:\d\d, in 1 min/)
    stage.open('lan:anna')
    // The pointer is still there.
    await poll(() => rows.nth(1).textContent()).toContain('down no more')
    await page.mouse.move(0, 0)
    await poll(() => rows.count()).toBe(1)
    await poll(() => page.title()).toBe('1 connected · 1 down · room 7')
    expect(await page.locator('h1').textContent()).toBe('room 7 inspector')
    expect(await page.locator('.whose').textContent()).toMatch(/process \d+up \d.*key @me/)
  })

  it('sees what was refused, and why', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:anna')
    stage.transport.inbound('lan:anna', { key: '@mallory' })
    const page = await openPage(url)
    await page.getByRole('tab', { name: 'Refused 1' }).click()
    await poll(() => page.locator('.rows li').allTextContents()).toEqual([
      expect.stringMatching(/wrong-peer.*inbound.*by hub.*lan:anna · @mallory/),
    ])
  })

  it('sees failures by code, how long dials took, and the traffic', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    // A dial takes no time, however long the machine does.
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    stage.dial('lan:a').fail()
    stage.dial('lan:a').fail()
    stage.open('lan:b').end(Object.assign(new Error('x'), { code: 'ECONNRESET' }))
    Object.assign(stage.open('lan:c'), { traffic: () => ({ bytesIn: 1_234_567, bytesOut: 5 }) })
    vi.useRealTimers()
    const page = await openPage(url)
    await page.getByRole('tab', { name: 'Figures' }).click()
    const figures = page.locator('.figures')
    await poll(() => figures.textContent()).toContain('DIAL_FAILED2')
    await poll(() => figures.textContent()).toContain('up to 10 ms2')
    await poll(() => figures.textContent()).toContain('ECONNRESET1')
    await poll(() => figures.textContent()).toContain('1.2 MB in, 5 B out')
    await poll(() => page.locator('.whose').textContent()).toContain('/s')
  })

  it('sees the fleet, and finds a peer in it', async () => {
    const stage = createStage()
    const fleet = {
      machines: () => [
        { machine: 'a', sessions: 3 },
        { machine: 'b', sessions: 4 },
      ],
      find: async (key: string) => (key === '@anna' ? [{ machine: 'b' }] : []),
    }
    const { url } = await stage.serve({ fleet })
    const page = await openPage(url)
    await page.getByRole('tab', { name: 'Fleet' }).click()
    const cells = page.locator('table.fleet td')
    await poll(() => cells.allTextContents()).toEqual(['a', '3', 'b', '4'])
    await page.getByLabel('Find a key').fill('@anna')
    await page.getByRole('button', { name: 'Find' }).click()
    await poll(() => cells.allTextContents()).toEqual(['b'])
    await page.getByLabel('Find a key').fill('@nobody')
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByText('No machine has this peer.').waitFor()
  })

  it('copies an address in full, and a link that leads another to this peer', async () => {
    const stage = createStage()
    const long = `lan:${'x'.repeat(300)}?&#/ä`
    stage.open(long)
    const { url } = await stage.serve()
    const page = await openPage(url, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('gridcell').click()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await page.getByRole('button', { name: 'Copy address' }).click()
    await poll(copied).toBe(long)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await poll(copied).toContain('#peer=')
    const other = await openPage(await copied())
    await poll(() => other.locator('section.peer p.address').textContent()).toBe(long)
    await other.getByRole('button', { name: 'Close' }).click()
    await poll(() => other.url()).toBe(url)
  })

  it('tells the tunnels of one room apart, at any width, and nothing is cut by the edge', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const room = `@${'R'.repeat(43)}=.ed25519`
    for (let i = 0; i < 9; i++)
      stage.open(
        `tunnel:${room}:@${'T'.repeat(20)}${i}${'U'.repeat(22)}=.ed25519~shs:${'S'.repeat(43)}=`,
      )
    const page = await openPage(url)
    for (const width of [1440, 1024, 700, 360]) {
      await page.setViewportSize({ width, height: 900 })
      await poll(async () => {
        const cells = page.locator('tbody td.address button')
        const texts = await cells.allTextContents()
        const cut = await cells.evaluateAll(
          (all) => all.filter((one) => one.scrollWidth > one.clientWidth).length,
        )
        return [new Set(texts).size, cut, texts.every((text) => text.includes('…'))]
      }).toEqual([9, 0, true])
      const columns = await page
        .locator('thead th')
        .evaluateAll((all) => all.filter((one) => one.clientWidth > 0).map((one) => one.className))
      expect(columns).toContain('address')
      expect(columns).toContain('since')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
  })

  it('has the filter and the colours in one row, and all lists at hand, at any width', async () => {
    const stage = createStage()
    const name = 'pub.example.org'
    const key = `@${'K'.repeat(43)}=.ed25519`
    const fleet = { machines: () => [], find: () => [] }
    const { url } = await stage.serve({ name, key, fleet })
    for (let i = 0; i < 11; i++) stage.dial(`lan:peer-${i}`).fail(new Error('nobody there'))
    const page = await openPage(url)
    await page.getByRole('tab', { name: 'Down 11' }).waitFor()
    for (const width of [1440, 1024, 700, 360]) {
      await page.setViewportSize({ width, height: 900 })
      const middles = await page
        .locator('.search input, .faceplate .quiet')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()))
      const [filter, colours] = middles.map(({ top, height }) => Math.round(top + height / 2))
      const rest = await page
        .getByRole('tablist')
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
      expect([width, filter, rest]).toEqual([width, colours, 0])
    }
  })

  it('sees an hour from the first look on', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url)
    const hour = page.getByRole('button', { name: '1 h' })
    await hour.click()
    await poll(() => hour.getAttribute('aria-pressed')).toBe('true')
    await poll(() => page.locator('.chart canvas').count()).toBe(1)
  })

  it('sees no seq where none is known yet', async () => {
    const stage = createStage()
    stage.open('lan:a')
    const { url } = await stage.serve()
    const page = await openPage(url)
    await page.getByRole('gridcell').waitFor()
    expect(await page.locator('.seq output').textContent()).toBe('–')
  })
})

inBrowser('behind a proxy', () => {
  describe.each(['nginx', 'caddy'] as const)('%s', (proxy) =>
    behind(proxy, () => {
      it('the page is live below a path, and its commands are obeyed', async () => {
        const stage = createStage()
        stage.open('lan:a')
        const { url } = await stage.serve({ allowControl: true, allowedHosts: ['127.0.0.1'] })
        const { origin } = await startProxy(proxy, url)
        const page = await openPage(`${origin}/hub/`, {
          httpCredentials: { username: USER.name, password: USER.password },
        })
        await page.getByRole('gridcell', { name: 'lan:a' }).waitFor()
        stage.open('lan:b')
        await page.getByRole('gridcell', { name: 'lan:b' }).waitFor()
        await page.getByRole('button', { name: 'Reset all…' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Reset all' }).click()
        await page.getByText('All were disconnected.').waitFor()
        expect(stage.hub.size).toBe(0)
      })
    }),
  )
})
