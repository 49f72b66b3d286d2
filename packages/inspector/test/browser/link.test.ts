import { expect, it } from 'vitest'
import { openStream } from '../support.js'
import { startWire } from '../wire.js'
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
      // Who was lost meanwhile has a port too.
      'lan 2, connected, inbound, lan:after',
      'lan 3, dark, lan:meanwhile',
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

  it('is taken up again where all places were taken, and says what to do', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const readers = await Promise.all(Array.from({ length: 32 }, () => openStream(url)))
    const page = await openPage(url)
    await poll(() => page.locator('.banner').textContent()).toContain(
      'All places for pages are taken',
    )
    for (const reader of readers) reader.close()
    await poll(() => page.locator('.link').textContent()).toContain('live')
    expect(await page.locator('.banner').textContent()).toBe('')
  })

  it('to a hub of thousands is taken up again without a port that goes dark', async () => {
    const stage = createStage()
    const first = await stage.serve()
    for (let i = 0; i < 4_000; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(first.url)
    const head = page.getByRole('rowheader')
    const all = 'lan 4000 of 4000 lit'
    await poll(() => head.textContent()).toBe(all)
    await page.evaluate(() => {
      const seen = new Set<string>()
      const look = () => seen.add(document.querySelector('.group')?.textContent ?? '')
      const watched = { subtree: true, childList: true, characterData: true }
      new MutationObserver(look).observe(document.body, watched)
      Object.assign(window, { seen })
    })
    await first.close()
    await poll(() => page.locator('.link').textContent()).toContain('lost')
    await stage.serve({ port: Number(new URL(first.url).port) })
    await poll(() => page.locator('.link').textContent()).toContain('live')
    // After all of them.
    stage.accept('lan:last')
    await poll(() => head.textContent()).toBe('lan 4001 of 4001 lit')
    const seen = await page.evaluate(() => [...((window as { seen?: Set<string> }).seen ?? [])])
    expect(seen).toEqual([all, 'lan 4001 of 4001 lit'])
  })

  it('to an app that has another token now says so', async () => {
    const stage = createStage()
    const first = await stage.serve()
    const page = await openPage(first.url)
    await poll(() => page.locator('.link').textContent()).toContain('live')
    const port = Number(new URL(first.url).port)
    await first.close()
    await stage.serve({ port, token: 'another_token-for-the-second-server' })
    await poll(() => page.locator('.banner').textContent()).toContain('it has another token now')
  })

  it('keeps its place through a refusal and a break: what was kept meanwhile is told', async () => {
    const stage = createStage()
    const first = await stage.serve()
    await stage.serve({ token: 'another_token-for-the-second-server' })
    const port = Number(new URL(first.url).port)
    // More events than a new page gets, so that only a place brings all of them.
    stage.open('lan:before')
    const page = await openPage(first.url)
    await page.getByRole('gridcell', { name: 'lan:before' }).waitFor()
    await poll(() => page.locator('.seq').textContent()).toContain('2')
    for (let i = 0; i < 2; i++) {
      await (i === 0 ? first : await stage.serve({ port })).close()
      await poll(() => page.locator('.link').textContent()).toContain('lost')
      for (let n = 0; n < 1_000; n++) stage.accept('lan:x').end()
    }
    await stage.serve({ port })
    await poll(() => page.locator('.seq').textContent()).toContain('4002')
    expect(await page.getByText(/earlier events are not known/).count()).toBe(0)
    await page.locator('.timeline .scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight))
    await poll(() => page.locator('.line .when').last().textContent()).toContain('#1')
    expect(await page.getByText(/earlier events are not known/).count()).toBe(0)
  })

  it('that stands while the app hangs is doubted after 45 s', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const between = await startWire(url)
    const page = await openPage('about:blank')
    await page.clock.install()
    await page.goto(between.url)
    await poll(() => page.locator('.link').textContent()).toContain('live')
    between.hold()
    await page.clock.fastForward(40_000)
    expect(await page.locator('.link').textContent()).toContain('live')
    await page.clock.fastForward(7_000)
    await poll(() => page.locator('.banner').textContent()).toContain(
      'Nothing has been heard since',
    )
    expect(await page.locator('.link').textContent()).toContain('silent')
    expect(await page.title()).toBe('not live · conn-hub')
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
