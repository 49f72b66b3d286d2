import { serveInspector } from '@conn-hub/inspector'
import { chromium } from 'playwright-core'
import { createScene } from './scene.js'

/** Debian's. Another one by the variable CHROMIUM. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
  '--disable-lcd-text',
]
const FLAGS_OF_NETWORK = ['--disable-background-networking', '--disable-component-update']

interface Picture {
  readonly name: string
  readonly entries: number
  readonly scheme: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

const PICTURES: readonly Picture[] = [
  { name: 'dark', entries: 64, scheme: 'dark' },
  { name: 'light', entries: 64, scheme: 'light' },
  { name: '5000', entries: 5_000, scheme: 'dark' },
  { name: 'narrow', entries: 64, scheme: 'light', width: 400, height: 1_000 },
]

/** Photographs the page as a reader sees it. */
export const photograph = async (folder: string): Promise<void> => {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: [...FLAGS, ...FLAGS_OF_NETWORK],
  })
  try {
    for (const { name, entries, scheme, width = 1_360, height = 860 } of PICTURES) {
      const { hub, play, goOn } = createScene(entries)
      const inspector = await serveInspector(hub)
      play()
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme })
      await page.goto(inspector.url)
      await page.locator('.port').first().waitFor()
      const row = page.locator('.port[data-state="connected"]').nth(4)
      goOn()
      await row.click()
      await page.mouse.move(0, 0)
      await page.waitForTimeout(2_500)
      await page.screenshot({ path: `${folder}/${name}.png` })
      await page.close()
      await inspector.close()
      await hub.close()
    }
  } finally {
    await browser.close()
  }
}
