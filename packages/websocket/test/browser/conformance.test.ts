import { expect, it } from 'vitest'
import { inBrowser, openPage } from './browser.js'
import { startFarServers } from './far-server.js'

declare const runKit: (control: string) => Promise<Record<string, string>>

/** How often the whole kit runs; each time the network takes longer, up to 200 ms for a way. */
const RUNS = Number(process.env.KIT_RUNS ?? 3)

const MAX_DELAY = 200

/** What a page that only dials, and a server that is somewhere else, do not have. */
const NOT_JUDGED = [
  'dial() releases what it holds before the link opens',
  'two hubs that dial each other at once agree',
  'a hub does not connect to itself',
]

inBrowser('the kit in Chromium', () => {
  it(
    `holds for a page that dials a server, ${RUNS} times, over a network of 0 to ${MAX_DELAY} ms`,
    async () => {
      let delay = 0
      const { page, origin } = await openPage('kit-page.ts')
      const control = await startFarServers(origin, () => delay)
      for (let run = 0; run < RUNS; run++) {
        delay = Math.round((MAX_DELAY * run) / Math.max(1, RUNS - 1))
        const outcomes = await page.evaluate((url) => runKit(url), control)
        const isFine = (outcome: string) => /^(holds$|not judged)/.test(outcome)
        const broken = Object.entries(outcomes).filter(([, outcome]) => !isFine(outcome))
        expect({ delay, broken }).toEqual({ delay, broken: [] })
        const notJudged = Object.keys(outcomes).filter((name) => outcomes[name] !== 'holds')
        expect(notJudged.sort()).toEqual([...NOT_JUDGED].sort())
      }
    },
    60_000 + RUNS * 30_000,
  )
})
