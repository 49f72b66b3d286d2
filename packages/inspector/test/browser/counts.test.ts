import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('the counts', () => {
  it('are told by state, and drawn over time: also what was before the page came', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:a')
    stage.open('lan:b')
    stage.dial('lan:c')
    const page = await openPage(url, { colorScheme: 'dark' })
    const tiles = page.locator('.tile strong')
    await poll(() => tiles.allTextContents()).toEqual(['2', '1', '0', '0'])
    await poll(() => page.title()).toBe('2 connected · conn-hub')
    const chart = page.getByRole('img', { name: 'Now: 2 connected, 1 connecting, 0 disconnecting' })
    await chart.waitFor()
    /** How many points have the colour of a line. */
    const drawn = () =>
      chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const context = canvas.getContext('2d') as CanvasRenderingContext2D
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
        const count = (red: number, green: number, blue: number) => {
          let points = 0
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) points++
          }
          return points > 0
        }
        return { connected: count(61, 220, 151), connecting: count(255, 180, 84) }
      })
    await poll(drawn).toEqual({ connected: true, connecting: true })
  })

  it('rows and numbers are of one moment', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    for (let i = 0; i < 28; i++) stage.accept(`lan:peer-${i}`)
    const page = await openPage(url)
    await page.locator('.count', { hasText: '28 of 28' }).waitFor()
    const count = page.locator('.count')
    await count.evaluate((element) => {
      const seen: string[] = []
      const look = () => seen.push(element.textContent ?? '')
      // Also what is written and written over between two frames.
      new MutationObserver(look).observe(element, {
        characterData: true,
        childList: true,
        subtree: true,
      })
      Object.assign(window, { seen })
    })
    for (const left of [27, 25, 22, 16, 10]) {
      for (let i = stage.hub.size; i > left; i--) stage.transport.sessions[i - 1]?.end()
      await poll(() => count.textContent()).toMatch(`${left} of`)
    }
    const seen = await page.evaluate(() => (window as { seen?: string[] }).seen ?? [])
    for (const text of seen) {
      const [rows, total] = text.split(' · ')[0]?.split(' of ') ?? []
      expect([text, rows]).toEqual([text, total])
    }
    expect(new Set(seen).size).toBeGreaterThanOrEqual(5)
  })

  it('are of one moment: in the title, in the tiles and beside the seq', async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.accept('lan:peer-1')
    const page = await openPage(url)
    await poll(() => page.title()).toBe('1 connected · conn-hub')
    await page.evaluate(() => {
      const seen = new Set<string>()
      const numberIn = (text: string | null | undefined) => Number.parseInt(text ?? '', 10)
      const look = () => {
        const texts = ['.tile strong', '.seq output'].map(
          (part) => document.querySelector(part)?.textContent,
        )
        seen.add([document.title, ...texts].map(numberIn).join(' '))
      }
      // Also between a message and its painting.
      setInterval(look, 1)
      Object.assign(window, { seen })
    })
    for (let i = 2; i <= 10; i++) {
      stage.accept(`lan:peer-${i}`)
      await poll(() => page.title()).toBe(`${i} connected · conn-hub`)
    }
    const seen = await page.evaluate(() => [...((window as { seen?: Set<string> }).seen ?? [])])
    expect(seen.length).toBeGreaterThanOrEqual(10)
    expect(seen).toEqual(seen.map((text) => Array(3).fill(text.split(' ')[0]).join(' ')))
  })
})
