import { existsSync } from 'node:fs'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { CHROMIUM, CHROMIUM_FLAGS } from './chromium.js'

let launched: Browser | undefined

/** Where there is no Chromium, these tests are left out, and say so. */
export const inBrowser = (
  name: string,
  tests: () => void,
  { args = [], ...options }: LaunchOptions = {},
): void => {
  const isHere = existsSync(CHROMIUM)
  if (!isHere) console.warn(`Left out, there is no ${CHROMIUM}: ${name}`)
  describe.runIf(isHere)(name, () => {
    beforeAll(async () => {
      launched = await chromium.launch({
        executablePath: CHROMIUM,
        args: [...CHROMIUM_FLAGS, ...args],
        ...options,
      })
    })
    afterAll(() => launched?.close())
    tests()
  })
}

/** The one that these tests have. */
export const browser = (): Browser => {
  if (!launched) throw new Error('only within inBrowser()')
  return launched
}
