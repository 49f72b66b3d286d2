import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

const SCRIPT = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'

inBrowser('what others wrote', () => {
  it('is shown as text, never as part of the page', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open(`lan:${SCRIPT}`, { [SCRIPT]: SCRIPT }).end(new Error(SCRIPT))
    stage.open(`lan:${SCRIPT}`, { note: SCRIPT })
    const page = await openPage(url)
    await page.getByRole('gridcell').click()
    const peer = page.locator('section.peer')
    await poll(() => peer.locator('p.address').textContent()).toBe(`lan:${SCRIPT}`)
    expect(await peer.locator('pre').textContent()).toContain('<script>window.hacked = 1</script>')
    expect(await page.locator('#root :is(script, img)').count()).toBe(0)
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  })

  it('cannot make the page slow by its length: 1 MB is cut', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const long = 'x'.repeat(1_000_000)
    for (let i = 0; i < 20; i++) stage.open(`lan:long${i}`, { long })
    stage.dial('lan:failed').fail(new Error(long))
    stage.open(`lan:${'y'.repeat(4_000)}`)
    const page = await openPage(url)
    await poll(() => page.getByRole('gridcell').count()).toBe(22)
    await page.getByRole('gridcell', { name: 'long0' }).click()
    const peer = page.locator('section.peer')
    await peer.getByText('Metadata, cut').waitFor()
    expect((await peer.locator('pre').textContent())?.length).toBeLessThanOrEqual(4_096)
    expect(await page.evaluate(() => document.documentElement.innerHTML.length)).toBeLessThan(
      200_000,
    )
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBe(1360)
  })

  it('cannot turn the direction of reading, or hide: such marks are written out', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:safe\u202Egpj.exe\u200B', { note: 'a\u2066b' })
    const page = await openPage(url)
    await page.getByRole('gridcell').click()
    const peer = page.locator('section.peer')
    await poll(() => peer.locator('p.address').textContent()).toBe(
      'lan:safe\\u{202e}gpj.exe\\u{200b}',
    )
    expect(await peer.locator('pre').textContent()).toContain('a\\u{2066}b')
    expect(
      await page.evaluate(() => /[\u202E\u200B\u2066]/.test(document.body.textContent ?? '')),
    ).toBe(false)
  })
})
