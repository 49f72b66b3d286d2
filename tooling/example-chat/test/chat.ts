import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findPort, until } from '@conn-hub/testkit'
import { browser } from '@conn-hub/testkit/browser'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const PAGE = fileURLToPath(new URL('../dist/page/index.html', import.meta.url))

/** The chat as it is built, in a process of its own, which ends with the test. */
export const startChat = async (port?: number) => {
  for (const built of [PROGRAM, PAGE]) {
    if (!existsSync(built)) throw new Error(`There is no ${built}: npx -y pnpm@10 build`)
  }
  const at = port ?? (await findPort())
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, String(at)])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += data
    })
  }
  const ended = once(child, 'close').then(([status]) => status as number)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await until(() => output.includes('The chat is at'), 'it has started')
  return { child, ended, port: at, url: `http://127.0.0.1:${at}/`, output: () => output }
}

/** A tab in which somebody of this name has come in. */
export const openTab = async (url: string, name: string): Promise<Page> => {
  const context = await browser().newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('header input').fill(name)
  await page.locator('header input').blur()
  await until(async () => (await namesIn(page)).includes(name), `${name} is there`)
  return page
}

export const namesIn = (page: Page): Promise<string[]> => page.locator('li').allTextContents()

export const linesIn = (page: Page): Promise<string[]> => page.locator('p').allTextContents()

export const stateIn = async (page: Page): Promise<string> =>
  (await page.locator('output').textContent()) ?? ''

export const say = async (page: Page, text: string): Promise<void> => {
  await page.locator('input[name=text]').fill(text)
  await page.locator('input[name=text]').press('Enter')
}

export const sees = (page: Page, line: string): Promise<void> =>
  until(async () => (await linesIn(page)).includes(line), `the line "${line}" has come`)
