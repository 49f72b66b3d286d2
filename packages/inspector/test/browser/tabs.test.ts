import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { ask } from '../support.js'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

const takenOf = async (url: string): Promise<number> =>
  JSON.parse((await ask(`${url}summary`)).body).taken
const stateOf = (page: Page) => page.locator('.link').textContent()

/** As a browser does it with a tab that is behind another one: it says so, and paints no frame. */
const hide = async (page: Page, isHidden: boolean) => {
  await page.evaluate((hidden) => {
    const kept = window as unknown as {
      paint?: typeof requestAnimationFrame
      waiting?: FrameRequestCallback[]
    }
    kept.paint ??= window.requestAnimationFrame
    kept.waiting ??= []
    const { paint, waiting } = kept
    window.requestAnimationFrame = hidden ? (frame) => waiting.push(frame) : paint
    if (!hidden) for (const frame of waiting.splice(0)) paint(frame)
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)
}

inBrowser('the tabs of one browser', () => {
  it('share one stream, and each of eight is live', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:a')
    const first = await openPage(url)
    await poll(() => stateOf(first)).toContain('live')
    const tabs = [first]
    for (let i = 1; i < 8; i++) {
      const tab = await first.context().newPage()
      await tab.goto(url)
      await poll(() => stateOf(tab)).toContain('live')
      tabs.push(tab)
    }
    expect(await takenOf(url)).toBe(1)
    stage.open('lan:b')
    for (const tab of tabs) {
      await tab.getByRole('gridcell', { name: 'lan:b' }).waitFor()
      // Each event once, though the stream began anew for each that came.
      await poll(() => tab.locator('.line .when').count()).toBe(4)
      expect(await tab.getByText(/earlier events/).count()).toBe(0)
    }
    for (const tab of tabs.slice(1)) await tab.close()
    stage.open('lan:c')
    await first.getByRole('gridcell', { name: 'lan:c' }).waitFor()
    await first.close()
    await poll(() => takenOf(url)).toBe(0)
  })

  it('all come back when the app does', async () => {
    const stage = createStage()
    const inspector = await stage.serve()
    const first = await openPage(inspector.url)
    const second = await first.context().newPage()
    await second.goto(inspector.url)
    for (const tab of [first, second]) await poll(() => stateOf(tab)).toContain('live')
    await inspector.close()
    for (const tab of [first, second]) await poll(() => stateOf(tab)).toContain('lost')
    const again = await stage.serve({ port: Number(new URL(inspector.url).port) })
    for (const tab of [first, second]) await poll(() => stateOf(tab)).toContain('live')
    expect(await takenOf(again.url)).toBe(1)
  })

  it('do without a shared worker, where there is none', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage('about:blank')
    await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
    await page.goto(url)
    await poll(() => stateOf(page)).toContain('live')
    stage.open('lan:a')
    await page.getByRole('gridcell', { name: 'lan:a' }).waitFor()
  })
})

inBrowser('a tab that is hidden', () => {
  it('tells by its title how it is, though it is not painted', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url)
    await poll(() => page.title()).toBe('0 connected · conn-hub')
    await hide(page, true)
    stage.open('lan:a')
    stage.dial('lan:b').fail()
    await poll(() => page.title()).toBe('1 connected · 1 down · conn-hub')
  })

  it('gives its stream back, still tells by its title, and goes on where it was', async () => {
    const stage = createStage()
    const { url } = await stage.serve({ name: 'room 7' })
    stage.open('lan:a')
    const page = await openPage('about:blank')
    await page.clock.install()
    await page.goto(url)
    await poll(() => stateOf(page)).toContain('live')
    await hide(page, true)
    await page.clock.fastForward(10_000)
    await poll(() => takenOf(url)).toBe(0)
    stage.open('lan:b')
    await page.clock.fastForward(15_000)
    await poll(() => page.title()).toBe('2 connected · room 7')
    expect(await takenOf(url)).toBe(0)
    await hide(page, false)
    await poll(() => stateOf(page)).toContain('live')
    await page.clock.fastForward(1_000)
    await page.getByRole('gridcell', { name: 'lan:b' }).waitFor()
    expect(await page.locator('.line .when').count()).toBe(4)
  })
})
