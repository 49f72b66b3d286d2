import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('control', () => {
  it('is off: nothing on the page connects, disconnects or resets', async () => {
    const stage = createStage()
    stage.open('lan:a')
    const { url } = await stage.serve()
    const page = await openPage(url)
    await page.getByRole('gridcell').click()
    await page.locator('section.peer').waitFor()
    expect(await page.getByRole('button', { name: /connect|reset/i }).allTextContents()).toEqual(
      // The filters, and no more.
      expect.arrayContaining(['connected', 'disconnected']),
    )
    expect(
      await page.getByRole('button', { name: /^(Connect…|Disconnect…|Reset all…)$/ }).count(),
    ).toBe(0)
    const status = await page.evaluate(() =>
      fetch('./control', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"do":"reset"}',
      }).then((response) => response.status),
    )
    expect(status).toBe(403)
    expect(stage.hub.getState('lan:a')).toBe('connected')
  })

  it('connects to an address after a confirmation, and says how it went', async () => {
    const stage = createStage()
    const { url } = await stage.serve({ allowControl: true })
    const page = await openPage(url)
    await page.getByText('press Connect').waitFor()
    await page.getByLabel('Address').fill('lan:new')
    await page.getByLabel('Address').press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Connect?' })
    await poll(() => dialog.textContent()).toContain('The app will dial lan:new.')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(stage.hub.size).toBe(0)
    await page.getByLabel('Address').press('Enter')
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await poll(() => stage.hub.getState('lan:new')).toBe('connecting')
    stage.transport.lastDial.succeed()
    await page.getByText('Connected.').waitFor()
    await page.getByRole('gridcell', { name: 'lan 1, connected, outbound, lan:new' }).waitFor()
    await page.getByLabel('Address').fill('nonsense')
    await page.getByRole('button', { name: 'Connect…' }).click()
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await poll(() => page.locator('.control [role="status"]').textContent()).toMatch(/^[A-Z_]+: /)
  })

  it('disconnects one after a confirmation, which Escape takes back', async () => {
    const stage = createStage()
    stage.open('lan:a')
    stage.open('lan:b')
    const { url } = await stage.serve({ allowControl: true })
    const page = await openPage(url)
    await page.getByRole('gridcell', { name: 'lan:a' }).click()
    const ask = page.getByRole('button', { name: 'Disconnect…' })
    await ask.click()
    const dialog = page.getByRole('dialog', { name: 'Disconnect?' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await ask.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(stage.hub.getState('lan:a')).toBe('connected')
    await ask.click()
    await dialog.getByRole('button', { name: 'Disconnect' }).click()
    await poll(() => stage.hub.getState('lan:a')).toBeUndefined()
    expect(stage.hub.getState('lan:b')).toBe('connected')
    await page.getByRole('gridcell', { name: 'lan 1, dark, lan:a' }).waitFor()
  })

  it('resets all after a confirmation', async () => {
    const stage = createStage()
    stage.open('lan:a')
    stage.dial('lan:b')
    const { url } = await stage.serve({ allowControl: true })
    const page = await openPage(url)
    await page.getByRole('button', { name: 'Reset all…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reset all connections?' })
    await poll(() => dialog.textContent()).toContain('All 2 entries will be disconnected')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    const reset = page.getByRole('button', { name: 'Reset all…' })
    expect(await reset.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(stage.hub.size).toBe(2)
    await page.getByRole('button', { name: 'Reset all…' }).click()
    await dialog.getByRole('button', { name: 'Reset all' }).click()
    await poll(() => stage.hub.size).toBe(0)
    await page.getByText('All were disconnected.').waitFor()
  })
})
