import type { Locator, Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { inBrowser, openPage, poll, portsOf } from './browser.js'
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

/** Goes to a place, whatever is there: what one wants to hit there must not be looked for first, for it moves. Gives its address. */
const pointAt = async (page: Page, x: number, y: number, item: string): Promise<string> => {
  await page.mouse.move(x, y)
  return page.evaluate(
    ([x, y, item]) => {
      const found = document.elementFromPoint(x, y)?.closest(item)
      return found?.querySelector('button')?.textContent ?? 'nothing'
    },
    [x, y, item] as const,
  )
}

/** Points at something. Gives what was under the pointer since, in any frame. */
const watchUnder = async (page: Page, what: Locator): Promise<() => Promise<string[]>> => {
  await what.hover({ position: { x: 20, y: 8 } })
  const box = await what.boundingBox()
  await page.evaluate(
    ([x, y]) => {
      const seen = new Set<string>()
      Object.assign(window, { seen })
      // Before this frame is painted: what is found is what the one before has shown.
      const look = () => {
        const found = document.elementFromPoint(x, y)
        seen.add(found?.getAttribute('aria-label') ?? found?.textContent ?? '')
        requestAnimationFrame(look)
      }
      look()
    },
    [(box?.x ?? 0) + 20, (box?.y ?? 0) + 8] as const,
  )
  return () => page.evaluate(() => [...((window as { seen?: Set<string> }).seen ?? [])])
}

inBrowser('what one points at', () => {
  it('is what opens: in the table, by click and by Enter, while the order changes', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 12; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await page.locator('.count', { hasText: '12 of 12' }).waitFor()
    const box = await page.locator('.table tbody').boundingBox()
    churn(stage)
    const opened = page.locator('section.peer p.address')
    for (let i = 0; i < 6; i++) {
      const point = [(box?.x ?? 0) + 60, (box?.y ?? 0) + 30 * (i % 4) + 12] as const
      const wanted = await pointAt(page, ...point, 'tr[data-row]')
      // As a person does: what was seen is clicked at a moment later.
      await page.waitForTimeout(400)
      await page.mouse.click(...point)
      await poll(() => opened.textContent()).toBe(wanted)
      await page.mouse.move(0, 0)
    }
    for (let i = 0; i < 3; i++) {
      const button = page.locator('tbody tr[data-row] button').nth(i)
      await button.focus()
      const wanted = await page.evaluate(() => document.activeElement?.textContent)
      await page.waitForTimeout(400)
      await page.keyboard.press('Enter')
      await poll(() => opened.textContent()).toBe(wanted)
    }
  })

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
      const wanted = await pointAt(page, ...point, '.line')
      await page.waitForTimeout(400)
      await page.mouse.click(...point)
      await poll(() => page.locator('section.peer p.address').textContent()).toBe(wanted)
      await page.mouse.move(0, 0)
    }
  })

  it('stays drawn in each frame, however many lines come in at once', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 30; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await poll(() => page.locator('.line').count()).toBeGreaterThan(8)
    const line = page.locator('.line button', { hasText: 'lan:peer-27' })
    await line.hover()
    const seen = await watchUnder(page, line)
    for (let turn = 1; turn <= 5; turn++) {
      for (let i = 0; i < 60; i++) stage.accept(`lan:turn-${turn}-${i}`)
      await page.getByText(`${30 + turn * 60} connected`).waitFor()
      await page.waitForTimeout(300)
    }
    expect(await seen()).toEqual(['lan:peer-27'])
  })

  it('stays where it is in a list too short to be scrolled, and lets it go on afterwards', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 3; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    const line = page.locator('.line button', { hasText: 'lan:peer-1' })
    await line.hover()
    const before = await line.boundingBox()
    for (let i = 1; i <= 4; i++) {
      stage.accept(`lan:new-${i}`)
      await poll(() => page.locator('.line button', { hasText: `lan:new-${i}` }).count()).toBe(1)
      expect(await line.boundingBox()).toEqual(before)
    }
    await page.mouse.move(0, 0)
    stage.accept('lan:last')
    const newest = page.locator('.line button', { hasText: 'lan:last' })
    await poll(async () => (await newest.boundingBox())?.y).toBe((before?.y ?? 0) - 44)
  })

  it('is held for a finger until its click has come', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 30; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url, { hasTouch: true })
    const line = page.locator('.line button', { hasText: 'lan:peer-27' })
    const box = await line.boundingBox()
    const point = { x: Math.round((box?.x ?? 0) + 20), y: Math.round((box?.y ?? 0) + 8) }
    const devtools = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchEnd') =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchStart' ? [point] : [],
      })
    await touch('touchStart')
    stage.accept('lan:new')
    await page.getByText('31 connected').waitFor()
    expect(await line.boundingBox()).toEqual(box)
    await touch('touchEnd')
    await poll(() => page.locator('section.peer p.address').textContent()).toBe('lan:peer-27')
    // Afterwards it goes on.
    stage.accept('lan:last')
    await poll(async () => {
      const newest = page.locator('.line button', { hasText: 'lan:last' })
      return (await newest.boundingBox())?.y
    }).toBe((box?.y ?? 0) - 88)
  })

  it('stays where it is in the list of those down', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 5; i++) stage.dial(`lan:peer-${i}`).fail(new Error('nobody there'))
    const page = await openPage(url)
    await page.getByRole('tab', { name: 'Down' }).click()
    const addresses = page.locator('.rows button')
    const rows = () => addresses.allTextContents()
    await poll(rows).toEqual([4, 3, 2, 1, 0].map((i) => `lan:peer-${i}`))
    await addresses.nth(2).hover()
    stage.dial('lan:peer-0').fail(new Error('nobody there'))
    stage.open('lan:peer-3')
    stage.dial('lan:peer-5').fail(new Error('nobody there'))
    await page.getByText('2 tries').waitFor()
    expect(await rows()).toEqual([4, 3, 2, 1, 0].map((i) => `lan:peer-${i}`))
    await page.mouse.move(0, 0)
    await poll(rows).toEqual([5, 0, 4, 2, 1].map((i) => `lan:peer-${i}`))
  })

  it('stays where it is among the ports, while groups above come and grow, and opens', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 20; i++) stage.accept(`lan:peer-${i}`)
    for (let i = 0; i < 20; i++) stage.accept(`tunnel:peer-${i}`)
    const page = await openPage(url)
    const grow = async (turn: number) => {
      for (let i = 0; i < 50; i++) stage.accept(`lan:turn-${turn}-${i}`)
      // Groups are in the order of their names.
      stage.accept(`bt-${turn}:one`)
      await page.getByText(`${40 + turn * 51} connected`).waitFor()
      await page.waitForTimeout(200)
    }
    const port = page.getByRole('gridcell', { name: 'tunnel:peer-5' })
    await port.waitFor()
    await page.mouse.move(0, 0)
    const first = await port.boundingBox()
    const seen = await watchUnder(page, port)
    // At the end there are more ports than make a denser panel.
    for (let turn = 1; turn <= 3; turn++) await grow(turn)
    expect(await seen()).toEqual(['tunnel 6, connected, inbound, tunnel:peer-5'])
    expect(await port.boundingBox()).toEqual(first)
    expect(await page.getByRole('tooltip').textContent()).toContain('tunnel:peer-5')
    await page.mouse.down()
    await page.mouse.up()
    const opened = page.locator('section.peer p.address')
    await poll(() => opened.textContent()).toBe('tunnel:peer-5')
    // Afterwards the panel is at its beginning again.
    await page.mouse.move(0, 0)
    await poll(() => page.locator('.ports').evaluate(({ scrollTop }) => scrollTop)).toBe(0)

    await page.getByRole('gridcell', { name: 'tunnel:peer-7' }).focus()
    await grow(4)
    await page.keyboard.press('Enter')
    await poll(() => opened.textContent()).toBe('tunnel:peer-7')
  })

  it('keeps its port, also where it has gone and others come', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.accept('lan:peer-0')
    const session = stage.accept('lan:peer-1')
    const page = await openPage(url)
    const port = page.getByRole('gridcell', { name: 'lan:peer-1' })
    await port.hover()
    session.end()
    await poll(() => port.getAttribute('data-state')).toBe('dark')
    stage.accept('lan:peer-2')
    await poll(() => portsOf(page)).toEqual([
      'lan 1, connected, inbound, lan:peer-0',
      'lan 2, dark, lan:peer-1',
      'lan 3, connected, inbound, lan:peer-2',
    ])
    await port.click()
    await poll(() => page.locator('section.peer p.address').textContent()).toBe('lan:peer-1')
  })
})
