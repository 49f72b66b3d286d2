import { browser, inBrowser } from '@conn-hub/testkit/browser'
import { expect, it } from 'vitest'
import { simulate } from '../src/index.js'
import { bundle } from './bundle.js'
import { turmoil } from './turmoil.js'

inBrowser('the simulation', () => {
  it('comes to the same course in a browser as in Node', async () => {
    const page = await browser().newPage()
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
  })
})
