import { it } from 'vitest'
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
})
