import { expect, it } from 'vitest'
import { openWithAxe, seriousOf } from './axe.js'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

const SIZES = { wide: { width: 1360, height: 860 }, narrow: { width: 360, height: 740 } }

inBrowser('everybody can use it', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, viewport] of Object.entries(SIZES)) {
      it(`axe finds nothing serious: ${colorScheme}, ${name}`, async () => {
        const stage = createStage()
        const { url } = await stage.serve({ allowControl: true })
        const page = await openWithAxe(url, { colorScheme, viewport })
        await page.getByText('No connections yet').waitFor()
        expect(await seriousOf(page)).toEqual([])

        stage.dial('lan:failed').fail(new Error('no'))
        stage.open('lan:a', { town: 'Porto' })
        stage.accept('tunnel:b')
        stage.accept('tunnel:gone').end(new Error('broken'))
        stage.dial('internet:c')
        stage.open('internet:d').onClose = 'refuse'
        stage.hub.disconnect('internet:d', { reason: 'tidy' }).catch(() => {})
        await page.getByRole('gridcell', { name: 'lan:a' }).click()
        await page.locator('section.peer pre').waitFor()
        expect(await seriousOf(page)).toEqual([])
        await page.getByRole('button', { name: 'Reset all…' }).click()
        await page.getByRole('dialog').waitFor()
        expect(await seriousOf(page)).toEqual([])
      })
    }
  }

  it('nothing is wider than a narrow screen', async () => {
    const stage = createStage()
    const { url } = await stage.serve({ allowControl: true })
    for (let i = 0; i < 30; i++)
      stage.open(`internet:a-long-name-of-a-host-${i}.example.net`, { i })
    const page = await openPage(url, { viewport: { width: 320, height: 640 } })
    await page.getByRole('gridcell').first().click()
    await page.locator('section.peer').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(
      await page
        .locator('.port')
        .first()
        .evaluate((port) => port.clientWidth),
    ).toBeGreaterThan(16)
  })

  it('the keyboard reaches every port by one stop of Tab and the arrows', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 1; i <= 1_000; i++) stage.open(`lan:${i}`)
    stage.open('tunnel:z')
    const page = await openPage(url)
    await page.getByRole('gridcell').first().waitFor()
    await page.getByRole('button', { name: 'To the ports' }).focus()
    await page.keyboard.press('Enter')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    const isInSight = () =>
      page.evaluate(() => {
        const panel = document.querySelector('.ports')?.getBoundingClientRect()
        const port = document.activeElement?.getBoundingClientRect()
        return panel && port && port.top >= panel.top && port.bottom <= panel.bottom
      })
    const press = async (key: string, name: string) => {
      await page.keyboard.press(key)
      await poll(focused).toContain(name)
    }
    await poll(focused).toContain('lan 1,')
    await press('ArrowRight', 'lan 2,')
    // Faster than the page is painted.
    await page.evaluate(() => {
      const options = { key: 'ArrowRight', bubbles: true }
      for (let i = 0; i < 2; i++)
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', options))
    })
    await poll(focused).toContain('lan 4,')
    await press('ArrowLeft', 'lan 3,')
    await press('ArrowLeft', 'lan 2,')
    await press('ArrowDown', 'lan 34,')
    await press('ArrowUp', 'lan 2,')
    await press('End', 'tunnel 1,')
    await poll(isInSight).toBe(true)
    await press('ArrowLeft', 'lan 1000,')
    await press('Home', 'lan 1,')
    await page.keyboard.press('Enter')
    await poll(() => page.locator('section.peer p.address').textContent()).toBe('lan:1')
    expect(await page.locator('.port[tabindex="0"]').count()).toBe(1)
  })

  it('the arrows lead through the rows of the table', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (const name of ['a', 'b', 'c']) stage.open(`lan:${name}`)
    const page = await openPage(url)
    await page.locator('th.address button').click()
    await page.locator('tbody button').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await poll(() => page.locator('section.peer p.address').textContent()).toBe('lan:c')
  })

  it('the colours follow the system, or the choice, which lasts', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url, { colorScheme: 'dark' })
    const front = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    expect(await front()).toBe('rgb(13, 17, 20)')
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await front()).toBe('rgb(233, 230, 223)')
    const button = page.getByRole('button', { name: 'Colours' })
    await button.click()
    await button.click()
    await poll(front).toBe('rgb(13, 17, 20)')
    await page.reload()
    await button.waitFor()
    expect(await front()).toBe('rgb(13, 17, 20)')
  })
})
