import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('the timeline', () => {
  const linesOf = (page: import('playwright-core').Page) =>
    page
      .locator('.line')
      .evaluateAll((lines) =>
        lines.map((line) =>
          [
            line.querySelector('.when')?.textContent?.split(' ')[1],
            line.querySelector('.type')?.firstChild?.textContent,
          ].join(' '),
        ),
      )

  it('tells each event with its seq, newest first, and filters by type', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:a').end(new Error('the cable is cut'))
    const page = await openPage(url)
    await poll(() => linesOf(page)).toEqual(['#3 disconnected', '#2 connected', '#1 connecting'])
    expect(await page.locator('.line').first().textContent()).toContain('the cable is cut')
    await page.getByRole('button', { name: 'connected', exact: true }).click()
    await poll(() => linesOf(page)).toEqual(['#3 disconnected', '#1 connecting'])
  })

  it('stands still while paused, counts what came, and goes on', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:a')
    const page = await openPage(url)
    await poll(() => linesOf(page)).toEqual(['#2 connected', '#1 connecting'])
    await page.getByRole('button', { name: 'Pause' }).click()
    stage.open('lan:b')
    const goOn = page.getByRole('button', { name: 'Go on (2 new)' })
    await goOn.waitFor()
    expect(await linesOf(page)).toEqual(['#2 connected', '#1 connecting'])
    await goOn.click()
    await poll(async () => (await linesOf(page))[0]).toBe('#4 connected')
  })

  it('says how many events nobody remembers', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 2_050; i++)
      stage.hub.disconnect(stage.dial(`lan:a${i}`).address).catch(() => {})
    await stage.hub.reset()
    const page = await openPage(url)
    await page.locator('.line').first().waitFor()
    await page.locator('.timeline .scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight))
    await page.getByText(/earlier events are not known/).waitFor()
  })
})
