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
    for (let i = 2; i <= 30; i++) {
      stage.accept(`lan:peer-${i}`)
      await page.waitForTimeout(60)
    }
    await poll(() => page.title()).toBe('30 connected · conn-hub')
    const seen = await page.evaluate(() => [...((window as { seen?: Set<string> }).seen ?? [])])
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(seen.map((text) => Array(3).fill(text.split(' ')[0]).join(' ')))
  })
})
