import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { inBrowser, openPage } from './browser.js'
import { createStage } from './stage.js'

/** As it is painted: each as a picture. */
const looksOf = async (all: Locator): Promise<string[]> => {
  const looks: string[] = []
  for (const one of await all.all()) looks.push((await one.screenshot()).toString('base64'))
  return looks
}

inBrowser('where the system chooses the colours', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`lights, arrows and ports can still be told apart: ${colorScheme}`, async () => {
      const stage = createStage()
      const { url } = await stage.serve()
      stage.open('lan:a')
      stage.accept('lan:b')
      stage.dial('lan:c')
      stage.open('lan:d').onClose = 'refuse'
      stage.hub.disconnect('lan:d').catch(() => {})
      stage.dial('lan:e').fail()
      const page = await openPage(url, {
        forcedColors: 'active',
        colorScheme,
        reducedMotion: 'reduce',
      })
      await page.getByRole('gridcell').nth(4).waitFor()
      await page.mouse.move(0, 0)
      for (const marks of ['.legend .led', '.legend .arrow', '.port']) {
        const looks = await looksOf(page.locator(marks))
        expect(looks.length).toBeGreaterThanOrEqual(3)
        expect([marks, new Set(looks).size]).toEqual([marks, looks.length])
      }
    })
  }
})
