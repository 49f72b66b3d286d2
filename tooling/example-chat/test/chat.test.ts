import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { until } from '@conn-hub/testkit'
import { inBrowser } from '@conn-hub/testkit/browser'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { linesIn, namesIn, openTab, say, sees, startChat, stateIn } from './chat.js'

const is = (page: Page, state: string) =>
  until(async () => (await stateIn(page)) === state, `it is ${state}`)

const hasNames = (page: Page, ...names: string[]) =>
  until(async () => String(await namesIn(page)) === String(names), `${names} are there`)

it('the chat has at most 250 lines', () => {
  const src = new URL('../src/', import.meta.url)
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.\w+$/.test(file),
  )
  expect(files).toContain('page/chat.tsx')
  const lines = files.map((file) => readFileSync(new URL(file, src), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(250)
})

inBrowser('the chat', () => {
  it('lets two tabs talk, and shows who is there', async () => {
    const { url } = await startChat()
    const [anna, ben] = [await openTab(url, 'anna'), await openTab(url, 'ben')]
    await hasNames(anna, 'anna', 'ben')
    await say(anna, 'hello')
    for (const page of [anna, ben]) await sees(page, 'anna hello')
    await say(ben, '<b>not bold</b>')
    for (const page of [anna, ben]) await sees(page, 'ben <b>not bold</b>')
    expect(await linesIn(anna)).toEqual(await linesIn(ben))
    await ben.locator('header input').fill('benjamin')
    await ben.locator('header input').blur()
    await hasNames(anna, 'anna', 'benjamin')
  })

  it('sees at once that a tab is closed', async () => {
    const { url } = await startChat()
    const [anna, ben] = [await openTab(url, 'anna'), await openTab(url, 'ben')]
    await hasNames(anna, 'anna', 'ben')
    await ben.close()
    await hasNames(anna, 'anna')
  })

  it('goes on after the server was restarted, with the names and the lines that were', async () => {
    const { url, port, child, ended } = await startChat()
    const [anna, ben] = [await openTab(url, 'anna'), await openTab(url, 'ben')]
    await say(anna, 'before')
    await sees(ben, 'anna before')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    for (const page of [anna, ben]) await is(page, 'disconnected')
    await startChat(port)
    for (const page of [anna, ben]) await hasNames(page, 'anna', 'ben')
    await say(ben, 'after')
    await sees(anna, 'ben after')
    expect(await linesIn(anna)).toEqual(['anna before', 'ben after'])
  })

  it('lets the link go offline, and comes back online', async () => {
    const { url } = await startChat()
    const [anna, ben] = [await openTab(url, 'anna'), await openTab(url, 'ben')]
    await hasNames(anna, 'anna', 'ben')
    await ben.context().setOffline(true)
    await until(async () => (await namesIn(ben)).length === 0, 'ben knows')
    expect(await ben.locator('input[name=text]').isDisabled()).toBe(true)
    await ben.context().setOffline(false)
    await is(ben, 'connected')
    await hasNames(ben, 'anna', 'ben')
    await say(ben, 'back')
    await sees(anna, 'ben back')
  })

  it('shows 500 peers, and that they have gone', async () => {
    const { url } = await startChat()
    const anna = await openTab(url, 'anna')
    const open = async (i: number) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}chat`)
      await once(socket, 'open')
      socket.send(JSON.stringify({ name: `peer ${i}` }))
      return socket
    }
    const sockets = await Promise.all(Array.from({ length: 499 }, (_, i) => open(i)))
    onTestFinished(() => {
      for (const socket of sockets) socket.terminate()
    })
    await until(async () => (await namesIn(anna)).length === 500, 'all are in the list')
    expect(await anna.locator('h2').textContent()).toBe('500 here')
    await say(anna, 'to all')
    await sees(anna, 'anna to all')
    for (const socket of sockets) socket.close()
    await hasNames(anna, 'anna')
  })
})

inBrowser(
  'the chat in the cache of the browser',
  () => {
    it('is left at once, and is there again when the page comes back', async () => {
      const { url } = await startChat()
      const [anna, ben] = [await openTab(url, 'anna'), await openTab(url, 'ben')]
      await hasNames(anna, 'anna', 'ben')
      await ben.evaluate(() => Object.assign(globalThis, { isTheSame: true }))
      await ben.goto((await startChat()).url)
      await hasNames(anna, 'anna')
      await ben.goBack({ waitUntil: 'commit' })
      await hasNames(anna, 'anna', 'ben')
      await say(ben, 'back')
      await sees(anna, 'ben back')
      expect(await ben.evaluate(() => 'isTheSame' in globalThis)).toBe(true)
    })
  },
  { ignoreDefaultArgs: ['--disable-back-forward-cache'] },
)

describe('the server', () => {
  const connect = async (url: string, origin?: string) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}chat`, origin ? { origin } : {})
    const closed = once(socket, 'close').then(([code]) => code)
    const told: string[] = []
    socket.on('message', (data) => told.push(String(data)))
    await once(socket, 'open')
    return { socket, closed, told }
  }

  it('lives through whatever strangers send', async () => {
    const { url, output } = await startChat()
    const { socket, told, closed } = await connect(url)
    for (const wrong of ['', '{', 'null', '7', '{"name":7}', '{"text":{}}', '{"name":" "}', '[]']) {
      socket.send(wrong)
    }
    socket.send(Buffer.from([0, 255]))
    socket.send(JSON.stringify({ name: 'n'.repeat(50), text: 't'.repeat(2_000) }))
    await until(() => told.some((text) => text.includes('tttt')), 'the right one was told')
    const { line } = JSON.parse(told.find((text) => text.includes('tttt')) ?? '{}')
    expect(line).toEqual({ name: 'n'.repeat(40), text: 't'.repeat(1_000) })
    socket.send('x'.repeat(10_000))
    expect(await closed).toBe(1009)
    expect(output().trim().split('\n')).toHaveLength(1)
  })

  it('refuses pages of others, and serves its own files alone', async () => {
    const { url } = await startChat()
    expect(await (await connect(url, 'https://evil.example')).closed).toBe(3003)
    for (const path of ['../main.js', '%2e%2e/main.js', 'nothing', 'page/index.html']) {
      expect((await fetch(url + path)).status).toBe(404)
    }
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
  })
})
