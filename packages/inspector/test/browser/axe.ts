import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openPage } from './browser.js'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Axe {
  run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}

/** A page that axe can look at. */
export const openWithAxe = async (url: string, options: BrowserContextOptions): Promise<Page> => {
  // The policy lets nobody put in a script, so that axe comes before it.
  const page = await openPage('about:blank', { ...options, bypassCSP: true })
  await page.addInitScript({ path: AXE })
  await page.goto(url)
  return page
}

/** What axe finds that is serious or critical. */
export const seriousOf = async (page: Page): Promise<string[]> => {
  const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' ')}`)
}
