import { serveInspector } from '@conn-hub/inspector'
import { CHROMIUM, CHROMIUM_FLAGS } from '@conn-hub/testkit'
import { type Browser, chromium } from 'playwright-core'
import { createScene } from './scene.js'

const FLAGS = [...CHROMIUM_FLAGS, '--disable-lcd-text']

interface Picture {
  readonly name: string
  readonly entries: number
  readonly scheme: 'light' | 'dark'
  /** Of the window, in px. */
  readonly size: { readonly width: number; readonly height: number }
  /** What is done with a port. */
  readonly shows?: 'card' | 'peer'
}

const WIDE = { width: 1_280, height: 800 }
const NARROW = { width: 390, height: 900 }

const PICTURES: readonly Picture[] = [
  { name: 'dark', entries: 56, scheme: 'dark', size: WIDE, shows: 'peer' },
  { name: 'light', entries: 56, scheme: 'light', size: WIDE, shows: 'card' },
  { name: '5000', entries: 5_200, scheme: 'dark', size: WIDE },
  { name: 'narrow', entries: 56, scheme: 'light', size: NARROW },
]

/** Photographs the page as a reader sees it. */
export const photograph = async (folder: string): Promise<void> => {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
  })
  try {
    for (const picture of PICTURES) {
      await take(browser, picture, `${folder}/${picture.name}.png`)
    }
  } finally {
    await browser.close()
  }
}

const take = async (browser: Browser, picture: Picture, path: string): Promise<void> => {
  const { entries, scheme, size, shows } = picture
  const { hub, play, goOn, end } = createScene(entries)
  const inspector = await serveInspector(hub)
  play()
  // Without what blinks.
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(inspector.url)
  await page.locator('.port').first().waitFor()
  const port = page.locator('.port[data-direction="both"]').first()
  goOn()
  if (shows === 'peer') await port.click()
  if (shows === 'card') await port.hover()
  else await page.mouse.move(0, 0)
  // Two samples of the chart.
  await page.waitForTimeout(2_500)
  await page.screenshot({ path })
  await context.close()
  await inspector.close()
  await end()
}
