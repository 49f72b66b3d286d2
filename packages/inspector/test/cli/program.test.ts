import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Inspector, serveInspector } from '@conn-hub/inspector'
import { findPort } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { setup, TOKEN } from '../support.js'
import { startWire } from '../wire.js'
import { runProgram, runProgramWith } from './run.js'

describe('conn-hub-inspector', () => {
  it('prints each event as a line, those of the past too', async () => {
    const { inspector, open } = await setup()
    open('a').end()
    const run = runProgram(inspector.url)
    await run.seen('#2 ')
    open('b')
    await run.seen('#3 ')
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}/
    expect(
      run
        .output()
        .split('\n')
        .slice(0, -1)
        .map((line) => line.replace(time, '')),
    ).toEqual([
      'the hub as it is now:',
      '#1  fault:a  connected, inbound',
      '#2  fault:a  disconnected by them',
      '#3  fault:b  connected, inbound',
    ])
    run.process.kill('SIGINT')
    expect([await run.status(), run.errors()]).toEqual([0, ''])
  })

  it('prints with --json what jq can read', async () => {
    const { hub, inspector, open } = await setup()
    for (let i = 0; i < 1_001; i++) open('a').end()
    const run = runProgram('--json', inspector.url)
    await run.seen('"seq":2002')
    await hub.close()
    await run.seen(/"closed":\d+/)
    const [first, second, third, ...others] = run.lines()
    expect(first).toEqual({ hub: expect.stringMatching(/^[\w-]{12}$/) })
    expect(second).toEqual({ missed: 2 })
    expect(third).toEqual({
      seq: 3,
      at: expect.any(Number),
      type: 'connected',
      address: 'fault:a',
      key: 'a',
      direction: 'inbound',
    })
    expect(others).toHaveLength(2_000)
    expect(others.at(-1)).toEqual({ closed: expect.any(Number) })
  })

  it('prints nothing that steers a terminal', async () => {
    const { hub, inspector, transport } = await setup()
    const evil = 'fault:\u001b[2J\u009b31m\u202e\u{e0041}'
    transport.inbound(evil)
    hub.disconnect(evil, { reason: 'a\u0007\nb' })
    const [text, json] = [runProgram(inspector.url), runProgram(inspector.url, '--json')]
    await text.seen('#3')
    await json.seen('"seq":3')
    for (const run of [text, json]) expect(run.output()).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(text.output()).toContain('fault:\\u{1b}[2J\\u{9b}31m\\u{202e}\\u{e0041}')
    expect(text.output()).toContain('disconnecting: a\\u{7} b')
    expect(json.lines()[2]).toMatchObject({ address: evil, reason: 'a\u0007\nb' })
  })

  it('takes up the link again by itself, and misses no event', async () => {
    const { inspector, open } = await setup()
    const { url, cut } = await startWire(inspector.url)
    open('a')
    const run = runProgram(url, '--json')
    await run.seen('"seq":1')
    cut()
    for (let i = 0; i < 1_500; i++) open('b').end()
    await run.told('The link is lost, trying again.')
    open('c')
    await run.seen('"seq":3002')
    const seqs = run
      .lines()
      .slice(1)
      .map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: 3_002 }, (_, i) => i + 1))
  })

  it('goes on where the inspector is served again, and says what it missed', async () => {
    const { hub, inspector, open } = await setup({ port: await findPort() })
    open('a')
    const run = runProgram(inspector.url, '--json')
    await run.seen('"seq":1')
    await inspector.close()
    open('b')
    await run.told('The link is lost, trying again.')
    const next = await serveAgain(hub, inspector)
    open('c')
    await run.seen('"seq":3')
    expect(
      run
        .lines()
        .slice(1)
        .map(({ seq, missed }) => seq ?? { missed }),
    ).toEqual([
      1,
      // Nobody served, so nobody listened.
      { missed: 1 },
      3,
    ])
    expect(next.url).toBe(inspector.url)
  })

  it('tells that the app has been started anew', async () => {
    const { inspector } = await setup({ port: await findPort() })
    const run = runProgram(inspector.url, '--json')
    await run.seen('hub')
    await inspector.close()
    const { hub, open } = await setup()
    open('z')
    await serveAgain(hub, inspector)
    open('y')
    await run.seen('"fault:y"')
    const hubs = run.lines().filter((line) => 'hub' in line)
    expect(new Set(hubs.map((line) => line.hub)).size).toBe(2)
  })

  it('ends with status 1 where the token is right no more', async () => {
    const { hub, inspector } = await setup({ port: await findPort() })
    const run = runProgram(inspector.url)
    await run.seen('the hub')
    await inspector.close()
    const { host, port } = new URL(inspector.url)
    const next = await serveInspector(hub, { port: Number(port) })
    onTestFinished(() => next.close())
    expect(await run.status()).toBe(1)
    expect(run.errors()).toBe(
      `The link is lost, trying again.\n${host} does not know this token. Has the app been started anew?\n`,
    )
  })

  it('ends with status 1 where nobody answers', async () => {
    const run = runProgram(`http://127.0.0.1:${await findPort()}/${TOKEN}/`)
    expect(await run.status()).toBe(1)
    expect(run.errors()).toMatch(/^Nobody answers at 127\.0\.0\.1:\d+: .*ECONNREFUSED.*\n$/)
  })

  it('ends with status 1 where somebody else answers', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const run = runProgram(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${TOKEN}/`)
    expect(await run.status()).toBe(1)
    expect(run.errors()).toMatch(/^At 127\.0\.0\.1:\d+ is something else than an inspector\.\n$/)
  })

  it('ends well when nobody reads what it prints any more', async () => {
    const { inspector, open } = await setup()
    const run = runProgram(inspector.url, '--json')
    await run.seen('hub')
    run.process.stdout?.destroy()
    open('a')
    expect([await run.status(), run.errors()]).toEqual([0, ''])
  })

  it('goes on where nobody reads what it tells beside', async () => {
    const { inspector, open } = await setup()
    const { url, cut } = await startWire(inspector.url)
    open('a')
    const run = runProgram(url, '--json')
    await run.seen('"seq":1')
    run.process.stderr?.destroy()
    cut()
    open('b')
    await run.seen('"seq":2')
    run.process.kill('SIGINT')
    expect(await run.status()).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends well by %s', async (signal) => {
    const { inspector } = await setup()
    const run = runProgram(inspector.url, '--json')
    await run.seen('hub')
    run.process.kill(signal)
    expect([await run.status(), run.errors()]).toEqual([0, ''])
  })

  it.each([
    [[], /^One address is needed/],
    [['a', 'b'], /^One address is needed/],
    [['ftp://127.0.0.1/x'], /^This is no address of an inspector/],
    [['file:///etc/passwd'], /^This is no address of an inspector/],
    [[`http://127.0.0.1/${TOKEN}/?x`], /^This is no address of an inspector/],
    [['http://127.0.0.1:80/short/'], /^This is no address of an inspector/],
    [[`http://:x/${TOKEN}`], /^This is no address of an inspector/],
    [[`http://127.0.0.1/${TOKEN}/\u001b[2J`], /\\u\{1b\}\[2J/],
    [['x'.repeat(9_999)], /…$/m],
    [['--color', 'x'], /^Unknown option '--color'/],
  ])('refuses %j with one line and status 2', async (args, message) => {
    const run = runProgram(...args)
    expect(await run.status()).toBe(2)
    expect(run.output()).toBe('')
    expect(run.errors()).toMatch(message)
    expect(run.errors().trim().split('\n')).toHaveLength(1)
  })

  it('explains itself, and says its version', async () => {
    const run = runProgram('--help')
    expect(await run.status()).toBe(0)
    expect(run.output()).toContain('conn-hub-inspector <url> [--json]')
    const version = runProgram('--version')
    expect(await version.status()).toBe(0)
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
    expect(version.output()).toBe(`${manifest.version}\n`)
  })

  it('takes the address from standard input or the environment: the list of processes has no token', async () => {
    const { inspector, open } = await setup()
    open('a')
    const piped = runProgram('-', '--json')
    piped.process.stdin?.write(`${inspector.url}\n`)
    await piped.seen('"seq":1')
    const listed = execFileSync('ps', ['-o', 'command=', '-p', `${piped.process.pid}`], {
      encoding: 'utf8',
    })
    expect(listed).toContain('--json')
    expect(listed).not.toContain(TOKEN)
    const given = runProgramWith({ CONN_HUB_INSPECTOR_URL: inspector.url }, '--json')
    await given.seen('"seq":1')
    const nothing = runProgram('-')
    nothing.process.stdin?.end()
    expect(await nothing.status()).toBe(2)
  })

  it('reads a stream whose type says how it is written', async () => {
    const url = await serveText('text/event-stream; charset=utf-8', toText('hello', { hub: 'h' }))
    const run = runProgram(url, '--json')
    await run.seen('{"hub":"h"}')
  })
})

describe('a server that lies', () => {
  const ESCAPE = '\u001b[2J\u009b\u202e\u2800\u3164'

  it('prints nothing that steers the terminal, whatever field it is in', async () => {
    const event = { seq: 1, at: 1, type: ESCAPE, address: ESCAPE, direction: ESCAPE, key: ESCAPE }
    const text =
      toText('hello', { hub: ESCAPE, name: ESCAPE }) +
      toText('events', {
        events: [
          { ...event, reason: ESCAPE, initiator: ESCAPE, error: { code: ESCAPE, message: ESCAPE } },
          { ...event, seq: ESCAPE },
          { ...event, seq: 2, type: 'connected' },
          { ...event, seq: 3, at: 1e300 },
        ],
        missed: ESCAPE,
      })
    const url = await serveText('text/event-stream', text)
    for (const args of [[url], [url, '--json']]) {
      const run = runProgram(...args)
      await run.seen(args.length > 1 ? '"seq":3' : '#3')
      expect(run.output()).not.toMatch(
        /(?![\n ])[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u,
      )
      expect(run.errors()).toBe('')
    }
  })

  it.each([
    ['no JSON', 'event: events\ndata: {oops\n\n'],
    ['a line without end', 'x'.repeat(5_000_000)],
  ])('that sends %s ends it with one line and status 1', async (_, text) => {
    const run = runProgram(await serveText('text/event-stream', text))
    expect(await run.status()).toBe(1)
    expect(run.errors()).toMatch(/^At 127\.0\.0\.1:\d+ is something else than an inspector\.\n$/)
  })

  it('cannot bring it down by a form that it does not know', async () => {
    const nonsense = [
      null,
      7,
      'x',
      [],
      { address: 7, state: 'connected' },
      { address: 'fault:a', state: 'sleeping' },
    ]
    const names = [
      'hello',
      'snapshot',
      'changes',
      'events',
      'aside',
      'closed',
      'constructor',
      '__proto__',
      '',
    ]
    let text = ''
    for (const name of names) {
      for (const value of nonsense) text += toText(name, value)
      text += toText(name, {
        entries: nonsense,
        set: nonsense,
        gone: nonsense,
        events: nonsense,
        down: { set: nonsense },
      })
    }
    text += toText('events', {
      events: [{ seq: 9, at: 1, type: 'dreaming', address: 'fault:end' }],
    })
    const run = runProgram(await serveText('text/event-stream', text))
    await run.seen('fault:end  dreaming')
    expect(run.errors()).toBe('')
  })
})

const toText = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** Somebody who answers every request with this, and lets it stand. */
const serveText = async (type: string, text: string): Promise<string> => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': type })
    response.write(text)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${TOKEN}/`
}

/** At the same address. */
const serveAgain = async (
  hub: Parameters<typeof serveInspector>[0],
  { url }: Inspector,
): Promise<Inspector> => {
  const next = await serveInspector(hub, { port: Number(new URL(url).port), token: TOKEN })
  onTestFinished(() => next.close())
  return next
}
