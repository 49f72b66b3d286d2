import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CHROMIUM, CHROMIUM_FLAGS, until } from '@conn-hub/testkit'
import { chromium } from 'playwright-core'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'

// The example as it is built, in a process of its own.
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const PEOPLE = 9
const REDIS = process.env.REDIS_SERVER ?? '/usr/bin/redis-server'

interface Picture {
  readonly state: string
  readonly machines: readonly { name: string; isUp: boolean; peers: string[] }[]
}

let child: ChildProcess | undefined
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT')
    await once(child, 'exit')
  }
})

const start = async (env: NodeJS.ProcessEnv = {}) => {
  let [said, errors] = ['', '']
  const running = spawn(process.execPath, [PROGRAM], { env: { ...process.env, ...env } })
  child = running
  running.stdout.on('data', (chunk) => {
    said += chunk
  })
  running.stderr.on('data', (chunk) => {
    errors += chunk
  })
  await until(() => /Open http/.test(said), 'the example says where it is').catch((error) => {
    throw new Error(`${error.message}: ${said}${errors}`)
  })
  const [, url = ''] = /Open (\S+)/.exec(said) ?? []
  return { url, said: () => said, errors: () => errors }
}

/** What the page is told, the newest. */
const look = async (url: string): Promise<Picture> => {
  const response = await fetch(`${url}events`)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  while (!text.includes('\n\n')) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  return JSON.parse(text.slice('data: '.length, text.indexOf('\n\n')))
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const peersOf = ({ machines }: Picture) => new Set(machines.flatMap(({ peers }) => peers))

describe('the example', () => {
  it.each([
    ['on Redis', {}],
    ['without Redis', { REDIS_SERVER: '/nowhere' }],
  ])('shows all, kills one, and sees its people elsewhere: %s', async (_, env) => {
    const { url, said, errors } = await start(env)
    if (said().includes('memory engine')) console.warn(said())
    const isWhole = (picture: Picture) =>
      peersOf(picture).size === PEOPLE && picture.machines.every(({ peers }) => peers.length > 0)
    await until(async () => isWhole(await look(url)), 'all are seen')
    await fetch(`${url}kill?name=web-2`, { method: 'POST' })
    await until(async () => {
      const picture = await look(url)
      const killed = picture.machines.find(({ name }) => name === 'web-2')
      return killed?.peers.length === 0 && !killed.isUp && peersOf(picture).size === PEOPLE
    }, 'its people are elsewhere')
    await fetch(`${url}kill?name=web-1`, { method: 'POST', headers: { origin: 'http://evil' } })
    expect((await look(url)).machines[0]?.isUp).toBe(true)
    child?.kill('SIGINT')
    const [status] = await once(child as ChildProcess, 'exit')
    expect([status, errors()]).toEqual([0, ''])
  })

  it.skipIf(!existsSync(REDIS))(
    'ends all that it has started where it is interrupted at its start',
    async () => {
      const running = spawn(process.execPath, [PROGRAM])
      child = running
      let errors = ''
      running.stderr.on('data', (chunk) => {
        errors += chunk
      })
      const exited = once(running, 'exit')
      const children = () =>
        spawnSync('pgrep', ['-P', `${running.pid}`])
          .stdout.toString()
          .split('\n')
          .filter(Boolean)
      // Redis, and three servers that need longer than that to join.
      await until(() => children().length === 4, 'all are started')
      const started = children().map(Number)
      running.kill('SIGINT')
      expect([await exited, errors]).toEqual([[0, null], ''])
      await until(() => !started.some(isAlive), 'they have ended')
    },
  )

  it('leaves no server behind whose Redis has not answered yet', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const server = fork(PROGRAM, ['server', 'web-1', '0', `${port}`], { execArgv: [] })
    onTestFinished(() => void server.kill('SIGKILL'))
    const exited = once(server, 'exit')
    await once(silent, 'connection')
    server.disconnect()
    expect(await exited).toEqual([0, null])
  })

  it('does the same in a browser', async ({ skip }) => {
    if (!existsSync(CHROMIUM)) {
      console.warn(`There is no ${CHROMIUM}: the page is not tried.`)
      skip()
    }
    const { url } = await start()
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
    try {
      const page = await browser.newPage()
      await page.goto(url)
      await until(async () => (await page.locator('li').count()) === PEOPLE, 'all are shown')
      await page.locator('#web-3 button').click()
      const isGone = async () =>
        (await page.locator('#web-3 li').count()) === 0 &&
        (await page.locator('li').count()) === PEOPLE
      await until(isGone, 'the view has changed')
      await page.locator('#web-3 button').click()
      await until(
        async () => ((await page.locator('#web-3').textContent()) ?? '').includes('kill'),
        'it is back',
      )
    } finally {
      await browser.close()
    }
  })
})
