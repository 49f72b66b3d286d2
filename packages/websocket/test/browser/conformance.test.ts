import { inBrowser } from '@conn-hub/testkit/browser'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { openPage } from './browser.js'
import { startFarServers } from './far-server.js'

declare const runKit: (control: string) => Promise<Record<string, string>>

/** By the variable KIT_RUNS the whole kit runs so often, each time over a network that takes longer, up to 200 ms for a way. */
const RUNS = Number(process.env.KIT_RUNS ?? 0)
const DELAYS = RUNS > 1 ? Array.from({ length: RUNS }, (_, i) => (200 * i) / (RUNS - 1)) : [0, 20]
const AT_ONCE = 4

/** What a page that only dials, and has no key, does not have. */
const NOT_JUDGED = [
  'a hub does not connect to itself',
  'dial() releases what it holds before the link opens',
  'two hubs that dial each other at once agree',
]

const runOne = async (page: Page, origin: string, delay: number): Promise<void> => {
  const control = await startFarServers(origin, delay)
  const outcomes = await page.evaluate((url) => runKit(url), control)
  const all = Object.entries(outcomes)
  const broken = all.filter(([, outcome]) => !/^(holds$|not judged)/.test(outcome))
  expect({ delay, broken }).toEqual({ delay, broken: [] })
  const notJudged = all.filter(([, outcome]) => outcome !== 'holds').map(([name]) => name)
  expect(notJudged.sort()).toEqual(NOT_JUDGED)
}

inBrowser('the kit in Chromium', () => {
  it(
    `holds for a page that dials a server, over a network that takes 0 to ${DELAYS.at(-1)} ms, ${DELAYS.length} times`,
    async () => {
      const { page, origin } = await openPage('kit-page.ts')
      const left = [...DELAYS]
      const runSome = async () => {
        for (let delay = left.shift(); delay !== undefined; delay = left.shift()) {
          await runOne(page, origin, delay)
        }
      }
      await Promise.all(Array.from({ length: RUNS > 1 ? AT_ONCE : 1 }, runSome))
    },
    60_000 + DELAYS.length * 30_000,
  )
})
