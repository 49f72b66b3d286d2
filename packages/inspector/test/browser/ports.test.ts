import { expect, it } from 'vitest'
import { inBrowser, openPage, poll, portsOf } from './browser.js'
import { createStage } from './stage.js'

inBrowser('the ports', () => {
  it('light up, change and go dark as the entries do', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    const page = await openPage(url)
    await page.getByText('No connections yet').waitFor()

    const dial = stage.dial('lan:anna')
    await poll(() => portsOf(page)).toEqual(['lan 1, connecting, lan:anna'])
    const session = dial.succeed()
    session.onClose = 'refuse'
    stage.accept('tunnel:bo')
    await poll(() => portsOf(page)).toEqual([
      'lan 1, connected, outbound, lan:anna',
      'tunnel 1, connected, inbound, tunnel:bo',
    ])
    stage.accept('lan:anna').onClose = 'refuse'
    await poll(async () => (await portsOf(page))[0]).toBe(
      'lan 1, connected, inbound and outbound, lan:anna',
    )
    stage.hub.disconnect('lan:anna').catch(() => {})
    await poll(async () => (await portsOf(page))[0]).toContain('disconnecting')
    for (const one of stage.transport.sessions) one.end()
    await poll(() => portsOf(page)).toEqual(['lan 1, dark, lan:anna', 'tunnel 1, dark, tunnel:bo'])
  })

  it('differ in more than colour: states by pattern, directions by shape', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:a')
    stage.accept('lan:b')
    stage.dial('lan:c')
    stage.open('lan:d').onClose = 'refuse'
    stage.hub.disconnect('lan:d').catch(() => {})
    const page = await openPage(url)
    await poll(() => page.locator('.port').count()).toBe(4)
    const looks = await page.locator('.port').evaluateAll((ports) =>
      ports.map((port) => {
        const light = getComputedStyle(port, '::before')
        const arrow = getComputedStyle(port, '::after')
        return [light.backgroundImage.replaceAll(/rgb\([^)]*\)/g, ''), arrow.clipPath]
      }),
    )
    const [out, inbound, connecting, disconnecting] = looks
    expect(out?.[1]).not.toBe(inbound?.[1])
    expect(new Set([out?.[0], connecting?.[0], disconnecting?.[0]]).size).toBe(3)
  })

  it('show a card on hover and on focus: address, key, since, metadata, reason, last error', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.dial('lan:anna').fail(new Error('nobody answers'))
    stage.open('lan:anna', { name: 'Anna' }).onClose = 'refuse'
    stage.hub.disconnect('lan:anna', { reason: 'tidying up' }).catch(() => {})
    const page = await openPage(url)
    await page.getByRole('gridcell').hover()
    const card = page.getByRole('tooltip')
    await card.waitFor()
    // The events come after the entries.
    await poll(() => card.textContent()).toMatch(/last error\d\d:\d\d:\d\d .*nobody answers/)
    const words = await card.textContent()
    for (const word of [
      'disconnecting',
      'outbound',
      'lan:anna',
      '@anna',
      'tidying up',
      '{"name":"Anna"}',
    ]) {
      expect(words).toContain(word)
    }
    expect(words).toMatch(/since\d\d:\d\d:\d\d, \d+ (s|min)/)
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    await page.mouse.move(0, 0)
    await page.getByRole('button', { name: 'To the ports' }).focus()
    await page.keyboard.press('Enter')
    await card.waitFor()
    expect(await card.textContent()).toContain('lan:anna')
  })
})
