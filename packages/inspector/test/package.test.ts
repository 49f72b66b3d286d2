import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, openStream } from './support.js'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

const appWith = (options: string) => `
  const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
  hub.connect('play:a').catch(() => {})
  serveInspector(hub, ${options}).then(({ url }) => console.log(url))
  process.stdin.on('end', () => hub.close()).resume()
`

/** An app that uses what is published, in a process of its own. */
const runApp = async (type: 'commonjs' | 'module', head: string, options = '{}') => {
  const args = [`--input-type=${type}`, '-e', head + appWith(options)]
  const env = { ...process.env, NODE_PATH: join(FOLDER, 'node_modules') }
  const stdio = ['pipe', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, args, { cwd: FOLDER, env, stdio: [...stdio] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data')
  return { url: url.trim() as string, stop: () => child.stdin.end(), ended }
}

describe.each([
  [
    'module',
    "import { createHub } from '@conn-hub/core'; import { serveInspector } from '@conn-hub/inspector'",
  ],
  [
    'commonjs',
    "const { createHub } = require('@conn-hub/core'), { serveInspector } = require('@conn-hub/inspector')",
  ],
] as const)('what is published, as %s', (type, head) => {
  it('serves the page, and keeps no app alive that has nothing else to do', async () => {
    const app = await runApp(type, head)
    const page = await ask(app.url)
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page.body)?.[1]
    expect((await ask(app.url + script)).headers['content-type']).toMatch(/javascript/)
    const reader = await openStream(app.url)
    await reader.saw('snapshot')
    expect([...reader.entries.keys()]).toEqual(['play:a'])
    app.stop()
    expect((await app.ended)[0]).toBe(0)
    await until(() => reader.ended, 'the stream has ended')
  })
})

it('keeps a program alive that is nothing else, where it is asked to', async () => {
  const head =
    "const { createHub } = require('@conn-hub/core'), { serveInspector } = require('@conn-hub/inspector')"
  const app = await runApp('commonjs', head, '{ keepAlive: true }')
  app.stop()
  const summary = async () => JSON.parse((await ask(`${app.url}summary`)).body)
  await until(async () => (await summary()).closedAt !== undefined, 'the hub has closed')
  // Without it the process would have ended in this turn.
  for (let i = 0; i < 20; i++) expect((await summary()).closedAt).toBeGreaterThan(0)
})

it('serves the page also where a bundler has moved the code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inspector-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'app.cjs')
  cpSync(join(FOLDER, 'dist/index.cjs'), file)
  const head = `const { createHub } = require('@conn-hub/core'), { serveInspector } = require('${file}')`
  const app = await runApp('commonjs', head)
  const page = await ask(app.url)
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  app.stop()
})
