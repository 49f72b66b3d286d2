import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { startSbot, until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { readInspector, runDemo, runOnTerminal, runPatientDemo } from './run.js'

describe('the demo', () => {
  it('shows peers that come, are met, meet us, crash and go', async () => {
    const run = runDemo()
    await run.seen(/max \(~\S{5}…\) comes, as process \d+/)
    await run.seen('connected, outbound')
    await run.seen('connected, inbound')
    await run.seen('crashes')
    await run.seen('disconnected by them')
    run.process.kill('SIGINT')
    expect((await run.ended()).status).toBe(0)
    expect(run.errors()).toBe('')
  })

  it('ends after --seconds with status 0, and leaves no process', async () => {
    let come = 0
    // So long that all have come by then, also on a slow machine.
    for (let seconds = 2; come < 5 && seconds <= 32; seconds *= 2) {
      const run = runDemo('--seconds', `${seconds}`)
      expect((await run.ended()).status).toBe(0)
      expect(run.errors()).toBe('')
      come = run.output().match(/comes, as process/g)?.length ?? 0
      expect(run.peersAlive()).toEqual([])
    }
    expect(come).toBeGreaterThanOrEqual(5)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('closes everything at %s', async (signal) => {
    const run = runDemo()
    await run.seen('connected, ')
    run.process.kill(signal)
    expect((await run.ended()).status).toBe(0)
    expect(run.errors()).toBe('')
    expect(run.peersAlive()).toEqual([])
  })

  it('closes also while somebody holds a connection and says nothing, and does not wait for his handshake', async () => {
    const run = runPatientDemo()
    await run.seen(/conn-hub at net:127\.0\.0\.1:\d+~/)
    const port = Number(/127\.0\.0\.1:(\d+)~/.exec(run.output())?.[1])
    const silent = connect(port, '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    run.process.kill('SIGINT')
    expect((await run.ended()).status).toBe(0)
    silent.destroy()
  })

  it('ends well where nobody reads any more', async () => {
    const run = runDemo()
    await run.seen('connected, ')
    run.process.stdout?.destroy()
    expect((await run.ended()).status).toBe(0)
    expect(run.errors()).toBe('')
    expect(run.peersAlive()).toEqual([])
  })

  it('keeps two of five peers connected while the others come and go, each entry with its name', async () => {
    const run = runDemo()
    const reader = await readInspector(run)
    // Her fourth act: whoever lives like her has gone at least once by then.
    await run.seen(/eve \(\S+\) crashes/, 120_000)
    await until(() => reader.names.size === 5, 'all five have been here')
    await until(
      () => ['ada', 'bob'].every((name) => reader.connected().includes(name)),
      'both are connected',
    )
    expect(reader.namesOfGone).not.toContain('ada')
    expect(reader.namesOfGone).not.toContain('bob')
    reader.end()
    run.process.kill('SIGINT')
    expect((await run.ended()).status).toBe(0)
  })

  // That of macOS takes other options.
  const isHere = spawnSync('script', ['--version']).status === 0
  const noTerminal = !isHere && 'there is no program "script" of util-linux here'
  if (noTerminal) console.log(`The demo on a terminal is not tested: ${noTerminal}.`)
  it.skipIf(noTerminal)(
    'shows the live table of the inspector on a terminal, and leaves it as it was',
    async () => {
      const run = runOnTerminal()
      await run.seen('conn-hub at net:127.0.0.1:')
      await run.seen(/: [1-9]\d* connected/)
      run.type('\u0003')
      expect((await run.ended()).status).toBe(0)
      expect(run.output()).toContain('Ctrl-C ends it.')
      // Hidden while the table is drawn, and shown again.
      expect(run.output().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
        run.output().lastIndexOf('\u001b[?25l'),
      )
    },
  )

  it('takes its peers along when it is killed', async () => {
    const run = runDemo()
    await run.seen('connected, ')
    run.process.kill('SIGKILL')
    await run.ended()
    await until(() => run.peersAlive().length === 0, 'the peers have ended')
  })

  it('dials the addresses that it is given', async () => {
    const pub = await startSbot({ caps: createRequire(import.meta.url)('ssb-caps') })
    try {
      const run = runDemo(pub.address)
      const shown = `net:127.0.0.1:${pub.port}~`
      await run.seen(new RegExp(`${shown}.*connected, outbound`))
      run.process.kill('SIGINT')
      expect((await run.ended()).status).toBe(0)
    } finally {
      await pub.close()
    }
  })

  it.each([
    [[], false],
    [['--allow-control'], true],
  ])('with %j serves the inspector while it runs', async (args, control) => {
    const run = runDemo(...args)
    await run.seen(/See it in a browser: http:\S+\/\n/)
    const url = /http:\S+/.exec(run.output())?.[0] ?? ''
    expect(await (await fetch(url)).text()).toMatch(/^<!doctype html>/i)
    const stream = await fetch(`${url}stream`)
    let text = ''
    for await (const part of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      if (/"state":"connected"/.test(text)) break
    }
    expect(text).toContain(`"control":${control}`)
    run.process.kill('SIGINT')
    expect((await run.ended()).status).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it.each([
    [['not an address'], /is invalid for argument 'addresses'/],
    [['net:\u001b[31mred'], /net:\\u\{1b\}\[31mred/],
    [['x'.repeat(5_000)], /4096 characters|…/],
    [['--seconds', 'soon'], /--seconds.*must be a number from 1/],
    [['--seconds', '0'], /must be a number from 1/],
    [['--seconds', '-1'], /must be a number from 1/],
    [['--fast'], /unknown option '--fast'/],
    [['--seconds'], /argument missing/],
  ])('refuses %j with one line and status 2', async (args, message) => {
    const run = runDemo(...args)
    expect((await run.ended()).status).toBe(2)
    expect(run.output()).toBe('')
    expect(run.errors()).toMatch(message)
    expect(run.errors().trim().split('\n')).toHaveLength(1)
  })

  it('explains itself', async () => {
    const run = runDemo('--help')
    expect((await run.ended()).status).toBe(0)
    expect(run.output()).toContain('--seconds <number>')
    expect(run.output()).toContain('--allow-control')
  })
})
