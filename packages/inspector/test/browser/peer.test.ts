import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('one peer', () => {
  it('is shown with its history when its port, row or line is chosen', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.dial('lan:anna').fail(new Error('nobody answers'))
    stage.open('lan:anna', { town: 'Porto' })
    stage.open('lan:bo')
    const page = await openPage(url)
    const peer = page.locator('section.peer')
    await page.getByRole('gridcell', { name: 'lan:anna' }).click()
    await poll(() => peer.locator('.past b').allTextContents()).toEqual([
      'connected',
      'connecting',
      'connecting-failed',
      'connecting',
    ])
    expect(await peer.locator('pre').textContent()).toBe('{\n  "town": "Porto"\n}')
    expect(await peer.textContent()).toContain('nobody answers')
    await page.locator('tbody').getByRole('row', { name: 'lan:bo' }).click()
    await poll(() => peer.locator('p.address').textContent()).toBe('lan:bo')
    await page.locator('.line', { hasText: 'lan:anna' }).first().getByRole('button').click()
    await poll(() => peer.locator('p.address').textContent()).toBe('lan:anna')
    await peer.getByRole('button', { name: 'Close' }).click()
    await peer.waitFor({ state: 'detached' })
  })
})
