import { existsSync } from 'node:fs'
import { browser, inBrowser as inAnyBrowser } from '@conn-hub/testkit/browser'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, expect, onTestFinished } from 'vitest'

// The inspector must not count on the browser to keep other pages out.
const FLAGS = ['--disable-features=LocalNetworkAccessChecks']

const page = new URL('../../dist/page/index.html', import.meta.url)

export const inBrowser = (name: string, tests: () => void): void =>
  inAnyBrowser(
    name,
    () => {
      beforeAll(() => {
        if (!existsSync(page)) throw new Error('The page is not built: run `npx -y pnpm@10 build`.')
      })
      tests()
    },
    { args: FLAGS },
  )

/** Opens the page, and fails the test where it reports an error that is not expected. */
export const openPage = async (
  url: string,
  options: BrowserContextOptions = {},
  expected = /Failed to load resource|ERR_/,
): Promise<Page> => {
  const context = await browser().newContext({ viewport: { width: 1360, height: 860 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    const isExpected = expected.test(message.text())
    if (message.type() === 'error' && !isExpected) errors.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(errors).toEqual([])
  })
  await page.goto(url)
  return page
}

/** The ports that can be seen, in the words of a screen reader. */
export const portsOf = (page: Page): Promise<string[]> =>
  page
    .getByRole('gridcell')
    .evaluateAll((ports) => ports.map((port) => port.getAttribute('aria-label') ?? ''))

/** Reads again until what is expected comes, as long as a busy machine may need. */
export const poll = <T>(read: () => T) => expect.poll(read, { timeout: 60_000 })
