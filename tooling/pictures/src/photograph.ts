import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { type Inspector, serveInspector } from '@conn-hub/inspector'
import { CHROMIUM, CHROMIUM_FLAGS } from '@conn-hub/testkit'
import { type Browser, chromium, type Page } from 'playwright-core'
import { serveRecord } from './record.js'
import { createScene, type Scene } from './scene.js'

const FLAGS = [...CHROMIUM_FLAGS, '--disable-lcd-text']

export interface Picture {
  readonly name: string
  readonly entries: number
  readonly scheme: 'light' | 'dark'
  /** Of the window, in px. */
  readonly size: { readonly width: number; readonly height: number }
  /** What is done with a port, or which list is read. */
  readonly shows?: 'card' | 'peer' | 'down' | 'figures' | 'record'
  /** All that can be scrolled to. */
  readonly whole?: boolean
}

const WIDE = { width: 1_440, height: 900 }
const MEDIUM = { width: 1_024, height: 768 }
const NARROW = { width: 360, height: 780 }

const PICTURES: readonly Picture[] = [
  { name: 'dark', entries: 56, scheme: 'dark', size: WIDE, shows: 'peer' },
  { name: 'light', entries: 56, scheme: 'light', size: WIDE, shows: 'card' },
  { name: '5000', entries: 5_200, scheme: 'dark', size: WIDE },
  { name: 'down', entries: 56, scheme: 'light', size: MEDIUM, shows: 'down' },
  { name: 'figures', entries: 56, scheme: 'dark', size: MEDIUM, shows: 'figures' },
  { name: 'record', entries: 56, scheme: 'light', size: MEDIUM, shows: 'record' },
  { name: 'narrow', entries: 56, scheme: 'light', size: NARROW, whole: true },
]

/** Photographs the page as a reader sees it. */
export const photograph = async (
  folder: string,
  pictures: readonly Picture[] = PICTURES,
): Promise<void> => {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
  })
  try {
    for (const picture of pictures) {
      await take(browser, picture, `${folder}/${picture.name}.png`)
    }
  } finally {
    await browser.close()
  }
}

const take = async (browser: Browser, picture: Picture, path: string): Promise<void> => {
  const { entries, scheme, size, shows, whole = false } = picture
  const scene = createScene(entries)
  const { goOn, end } = scene
  standAside()
  const inspector = shows === 'record' ? await serveRecord(scene) : await serve(scene)
  // Without what blinks.
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(inspector.url)
  await page.locator('.port').first().waitFor()
  await page.getByRole('button', { name: '1 h' }).click()
  const port = page.locator('.port[data-direction="both"]').first()
  goOn()
  if (shows === 'record') await moveBack(page)
  if (shows === 'peer') await port.click()
  if (shows === 'down') await page.getByRole('tab', { name: 'Down' }).click()
  if (shows === 'figures') await page.getByRole('tab', { name: 'Figures' }).click()
  if (shows === 'card') await port.hover()
  else await page.mouse.move(0, 0)
  // Two samples of the chart, and the traffic twice.
  await page.waitForTimeout(8_000)
  await page.screenshot({ path, fullPage: whole })
  await context.close()
  await inspector.close()
  await end()
}

const serve = async ({ hub, play }: Scene): Promise<Pick<Inspector, 'url' | 'close'>> => {
  const inspector = await serveInspector(hub, {
    name: 'pub.example.net',
    key: '@oW4Xc0N1zFQm8Yq6rTtLkPj3sVbEhUgIdAyZnRxMw2k=.ed25519',
    explain: () => [
      'kept since yesterday',
      { text: 'the keeper tries again', nextAt: Date.now() + 42_000 },
    ],
  })
  play()
  return inspector
}

const moveBack = async (page: Page): Promise<void> => {
  const slider = page.getByRole('slider')
  for (let i = 0; i < 2; i++) await slider.press('PageDown')
  await slider.blur()
}

/** The machine and the process on which this runs are nobody's business. */
const standAside = (): void => {
  os.hostname = () => 'pub-1'
  syncBuiltinESMExports()
  process.uptime = () => 3 * 86_400
}
