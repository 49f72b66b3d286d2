import { existsSync } from 'node:fs'
import { CHROMIUM, CHROMIUM_FLAGS } from '@conn-hub/testkit'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { simulate } from '../src/index.js'
import { bundle } from './bundle.js'
import { turmoil } from './turmoil.js'

const isThere = existsSync(CHROMIUM)
if (!isThere) console.log(`simulation in a browser: left out, there is no ${CHROMIUM}`)

it.runIf(isThere)('a browser comes to the same course as Node', { timeout: 60_000 }, async () => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
  try {
    const page = await browser.newPage()
    await page.goto('about:blank')
    const code = await bundle(
      `import { simulate } from '../src/index.ts'
       import { turmoil } from './turmoil.ts'
       const failing = () => { Promise.reject(new Error('lost')) }
       globalThis.play = async () => [
         (await simulate({ seed: 5, duration: 120_000 }, turmoil)).hash,
         await simulate({ seed: 5, duration: 1_000 }, failing).catch(({ message }) => message),
       ]`,
      'browser',
    )
    await page.addScriptTag({ type: 'module', content: code })
    await page.waitForFunction('globalThis.play')
    const { hash } = await simulate({ seed: 5, duration: 120_000 }, turmoil)
    expect(await page.evaluate('globalThis.play()')).toEqual([
      hash,
      'Seed 5, after 0.000 s: the scenario left a rejected promise: Error: lost',
    ])
  } finally {
    await browser.close()
  }
})
