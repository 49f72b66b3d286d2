import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createWire, type Socket } from 'node:net'
import { type Inspector, serveInspector } from '@conn-hub/inspector'
import { findPort } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { setup, TOKEN } from '../support.js'
import { runProgram } from './run.js'

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
    const { url, cut } = await wire(inspector.url)
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

  it.each([
    [[], /^One address is needed/],
    [['a', 'b'], /^One address is needed/],
    [['ftp://127.0.0.1/x'], /^This is no address of an inspector/],
    [[`https://127.0.0.1/${TOKEN}/`], /^This is no address of an inspector/],
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

  it('explains itself', async () => {
    const run = runProgram('--help')
    expect(await run.status()).toBe(0)
    expect(run.output()).toContain('conn-hub-inspector <url> [--json]')
  })
})

/** Another way to the same server, which can be cut. */
const wire = async (url: string): Promise<{ url: string; cut(): void }> => {
  const { hostname, port, pathname } = new URL(url)
  const sockets = new Set<Socket>()
  const proxy = createWire((near) => {
    const far = connect(Number(port), hostname)
    sockets.add(near).add(far)
    near.on('error', () => {}).pipe(far)
    far.on('error', () => {}).pipe(near)
  }).listen(0, '127.0.0.1')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    proxy.close()
  })
  await once(proxy, 'listening')
  return { url: `http://localhost:${(proxy.address() as AddressInfo).port}${pathname}`, cut }
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
