import { expect, it } from 'vitest'
import { inBrowser, openPage, poll, portsOf } from './browser.js'
import { createStage } from './stage.js'

inBrowser('the link', () => {
  it('that is lost is told, and taken up again by itself without missing an event', async () => {
    const stage = createStage()
    const first = await stage.serve()
    // As long as somebody serves the hub, its events are kept.
    await stage.serve({ token: 'another_token-for-the-second-server' })
    const port = Number(new URL(first.url).port)
    stage.open('lan:before')
    const page = await openPage(first.url)
    await page.getByRole('gridcell', { name: 'lan:before' }).waitFor()
    await first.close()
    const banner = page.locator('.banner')
    await poll(() => banner.textContent()).toContain('The link to the hub is lost since')
    expect(await page.locator('.link').textContent()).toContain('lost')
    expect(await page.title()).toBe('not live · conn-hub')

    stage.open('lan:meanwhile').end()
    stage.accept('lan:after')
    await stage.serve({ port })
    await poll(() => banner.textContent()).toBe('')
    await poll(() => page.locator('.line .when').allTextContents()).toHaveLength(6)
    const seqs = await page
      .locator('.line .when')
      .evaluateAll((lines) => lines.map((line) => Number(line.textContent?.split('#')[1])))
    expect(seqs).toEqual([6, 5, 4, 3, 2, 1])
    expect(await portsOf(page)).toEqual([
      'lan 1, connected, outbound, lan:before',
      'lan 2, connected, inbound, lan:after',
    ])
    expect(await page.getByText('another hub').count()).toBe(0)
  })

  it('says what it missed while nobody served the hub', async () => {
    const stage = createStage()
    const first = await stage.serve()
    const port = Number(new URL(first.url).port)
    stage.open('lan:before')
    const page = await openPage(first.url)
    await page.getByRole('gridcell', { name: 'lan:before' }).waitFor()
    await first.close()
    await poll(() => page.locator('.link').textContent()).toContain('lost')
    stage.open('lan:meanwhile').end()
    await stage.serve({ port })
    await poll(() => page.locator('.link').textContent()).toContain('live')
    stage.accept('lan:after')
    await page.getByText('3 earlier events are not known').waitFor()
    expect(await page.locator('.line .when').first().textContent()).toContain('#6')
  })

  it('to an app that was started anew goes on with the new hub', async () => {
    const old = createStage()
    const first = await old.serve()
    const port = Number(new URL(first.url).port)
    old.open('lan:old')
    const page = await openPage(first.url)
    await page.getByRole('gridcell', { name: 'lan:old' }).waitFor()
    await old.hub.close()
    await poll(() => page.locator('.banner').textContent()).toContain('The hub has closed at')
    await first.close()

    const fresh = createStage()
    await fresh.serve({ port })
    fresh.accept('lan:new')
    await page.getByText('The app was started anew: another hub from here on').waitFor()
    await poll(() => portsOf(page)).toContain('lan 1, connected, inbound, lan:new')
    expect(await page.locator('.banner').textContent()).toBe('')
    expect(await page.locator('.line').first().textContent()).toContain('#1')
  })

  it('is taken up again where the server refused for a while', async () => {
    const stage = createStage()
    const inspector = await stage.serve()
    const page = await openPage('about:blank')
    let refused = 0
    await page.route('**/stream', (route) => {
      if (refused++ < 1) return route.fulfill({ status: 503, body: 'too many' })
      return route.continue()
    })
    await page.goto(inspector.url)
    await poll(() => page.locator('.banner').textContent()).toContain('lost')
    await poll(() => page.locator('.link').textContent()).toContain('live')
    expect(refused).toBe(2)
  })
})

inBrowser('where there is nothing', () => {
  it('the page says what to do', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url)
    const empty = page.locator('.empty')
    await poll(() => empty.textContent()).toContain('No connections yet')
    expect(await empty.textContent()).toContain('as soon as the app calls hub.connect(address)')
    expect(await empty.textContent()).not.toContain('press Connect')
    expect(await page.getByText('No events to show.').count()).toBe(1)
  })
})
