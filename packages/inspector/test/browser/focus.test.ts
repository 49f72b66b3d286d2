import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('the focus', () => {
  const focused = '(document.activeElement?.className || document.activeElement?.tagName)'

  it('goes to the peer that is opened, and back where it came from when that closes', async () => {
    const stage = createStage()
    stage.open('lan:a')
    const { url } = await stage.serve()
    const page = await openPage(url)
    await page.getByRole('gridcell').focus()
    await page.keyboard.press('Enter')
    await poll(() => page.evaluate(focused)).toBe('peer')
    await page.keyboard.press('Tab')
    await poll(() => page.evaluate('document.activeElement.textContent')).toBe('Copy address')
    await page.getByRole('button', { name: 'Close' }).focus()
    await page.keyboard.press('Enter')
    await poll(() => page.evaluate(focused)).toBe('port')
    await page.keyboard.press('Enter')
    await poll(() => page.evaluate(focused)).toBe('peer')
    await page.keyboard.press('Escape')
    await page.locator('section.peer').waitFor({ state: 'detached' })
    await poll(() => page.evaluate(focused)).toBe('port')
  })

  it('is not lost where what it came from has gone meanwhile', async () => {
    const stage = createStage()
    stage.open('lan:stays')
    const session = stage.accept('lan:goes')
    const { url } = await stage.serve()
    const page = await openPage(url)
    await page.locator('tbody button', { hasText: 'lan:goes' }).focus()
    await page.keyboard.press('Enter')
    await poll(() => page.evaluate(focused)).toBe('peer')
    session.end()
    await page.locator('.count', { hasText: '1 of 1' }).waitFor()
    await page.keyboard.press('Escape')
    await poll(() => page.evaluate(focused)).toBe('port')
  })

  it('stays with the peer when its Disconnect has gone with its entry', async () => {
    const stage = createStage()
    stage.open('lan:a')
    const { url } = await stage.serve({ allowControl: true })
    const page = await openPage(url)
    await page.getByRole('gridcell').click()
    await page.getByRole('button', { name: 'Disconnect…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('button', { name: 'Disconnect…' }).waitFor({ state: 'detached' })
    await poll(() => page.evaluate(focused)).toBe('peer')
  })

  it('reaches the lines of the timeline by one stop of Tab and the arrows', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 40; i++) stage.accept(`lan:${i}`)
    const page = await openPage(url)
    await poll(() => page.locator('.line').count()).toBeGreaterThan(8)
    await page.locator('.timeline .scroll').focus()
    await page.keyboard.press('Tab')
    const text = () => page.evaluate(() => document.activeElement?.textContent)
    await poll(text).toBe('lan:39')
    for (let i = 38; i >= 10; i--) {
      await page.keyboard.press('ArrowDown')
      await poll(text).toBe(`lan:${i}`)
    }
    await page.keyboard.press('Enter')
    await poll(() => page.locator('section.peer p.address').textContent()).toBe('lan:10')
    expect(await page.locator('.line button[tabindex="0"]').count()).toBe(1)
  })
})
