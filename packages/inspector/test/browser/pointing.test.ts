import { expect, it, onTestFinished } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

/** Ten changes a second, each of which puts another peer on top. */
const churn = (stage: ReturnType<typeof createStage>) => {
  let turn = 0
  const timer = setInterval(() => stage.open(`lan:new-${turn++}`).end(), 100)
  const entries = [...stage.hub.entries()].map(({ address }) => address)
  const sessions = new Map(entries.map((address) => [address, stage.hub.get(address)?.sessions[0]]))
  const again = setInterval(() => {
    const address = entries[turn % entries.length] ?? ''
    ;(sessions.get(address)?.handle as { end(): void } | undefined)?.end()
    stage.accept(address)
    sessions.set(address, stage.hub.get(address)?.sessions[0])
  }, 100)
  onTestFinished(() => {
    clearInterval(timer)
    clearInterval(again)
  })
}

inBrowser('what one points at', () => {
  it('is what opens: in the table, by click and by Enter, while the order changes', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 12; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await page.locator('.count', { hasText: '12 of 12' }).waitFor()
    churn(stage)
    const opened = page.locator('section.peer p.address')
    for (let i = 0; i < 6; i++) {
      const row = page.locator('tbody tr[data-row]').nth(i % 8)
      await row.hover()
      const box = await row.boundingBox()
      const wanted = await row.locator('td.address').textContent()
      // As a person does: what was seen is clicked at a moment later.
      await page.waitForTimeout(400)
      await page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + 12)
      await poll(() => opened.textContent()).toBe(wanted)
    }
    for (let i = 0; i < 3; i++) {
      const button = page.locator('tbody tr[data-row] button').nth(i)
      await button.focus()
      const wanted = await page.evaluate(() => document.activeElement?.textContent)
      await page.waitForTimeout(400)
      await page.keyboard.press('Enter')
      await poll(() => opened.textContent()).toBe(wanted)
    }
  }, 60_000)

  it('is what opens in the timeline too, while lines come in above', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 30; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await poll(() => page.locator('.line').count()).toBeGreaterThan(8)
    churn(stage)
    const box = await page.locator('.timeline .scroll').boundingBox()
    for (let i = 0; i < 3; i++) {
      // Where the address of a line is, somewhere in the list.
      const point = [(box?.x ?? 0) + 45, (box?.y ?? 0) + 44 * (i + 1) + 31] as const
      await page.mouse.move(...point)
      const pointedAt = () =>
        page.evaluate(([x, y]) => {
          const found = document.elementFromPoint(x, y)
          return found?.matches('.line button') ? found.textContent : undefined
        }, point)
      await poll(pointedAt).toBeDefined()
      const wanted = await pointedAt()
      await page.waitForTimeout(400)
      await page.mouse.click(...point)
      await poll(() => page.locator('section.peer p.address').textContent()).toBe(wanted)
      await page.mouse.move(0, 0)
    }
  }, 60_000)

  it('rows and numbers are of one moment', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 28; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await page.locator('.count', { hasText: '28 of 28' }).waitFor()
    const seen = await page.evaluate(async () => {
      const texts = new Set<string>()
      for (let i = 0; i < 60; i++) {
        texts.add(document.querySelector('.count')?.textContent ?? '')
        await new Promise(requestAnimationFrame)
        if (i === 10) (window as { go?: () => void }).go?.()
      }
      return [...texts]
    })
    for (let i = 0; i < 20; i++) {
      stage.transport.sessions[i]?.end()
      await page.waitForTimeout(30)
      seen.push((await page.locator('.count').textContent()) ?? '')
    }
    for (const text of seen) {
      const [rows, total] = text.split(' · ')[0]?.split(' of ') ?? []
      expect([text, rows]).toEqual([text, total])
    }
    expect(new Set(seen).size).toBeGreaterThan(2)
  })
})

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
