import { createHmac } from 'node:crypto'
import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport, turns, until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createHash } from '../../src/record/hash.js'
import { record, replay } from '../../src/record/index.js'
import { A, B, setup } from './support.js'

describe('a record', () => {
  it('that begins inside a delivery goes on with what is still to be told, and takes nothing back', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    onTestFinished(() => hub.close())
    let text = ''
    let flush = async () => {}
    const stop = hub.on('connecting', () => {
      stop()
      hub.connect(B)
      transport.lastDial.succeed()
      flush = record(hub, (lines) => {
        text += lines
      }).flush
    })
    hub.connect(A).catch(() => {})
    await turns()
    await flush()
    const again = replay(text)
    const told: unknown[] = []
    again.on('*', ({ seq, type, address }) => told.push([seq, type, address]))
    const states: unknown[] = []
    again.on('change', ({ after }) => after?.address === B && states.push(after.state))
    again.play()
    expect(told).toEqual([
      // Those who listen to all hear it after those who listen to its type.
      [1, 'connecting', A],
      [2, 'connecting', B],
      [3, 'connected', B],
    ])
    expect(states).toEqual(['connecting', 'connected'])
    expect(again.size).toBe(2)
  })

  it('has a line for each step, with the entry after it', async () => {
    const { hub, transport, lines } = setup()
    hub.connect(A, { data: { secret: 1 } }).catch(() => {})
    transport.lastDial.hold('a queue')()
    transport.lastDial.succeed()
    transport.inbound(A)
    transport.sessions[1]?.end(new Error('the wire broke'), 'bye')
    hub.disconnect(A, { reason: 'enough' })
    hub.connect(B).catch(() => {})
    transport.lastDial.fail(new Error('nobody there'))
    await turns()
    const all = await lines()
    expect(all.map(({ type, seq }) => [type, seq].filter(Boolean).join(' '))).toEqual([
      'begin',
      'connecting 1',
      'change',
      'change',
      'connected 2',
      'session',
      'session-closed',
      'disconnecting 3',
      'disconnected 4',
      'connecting 5',
      'connecting-failed 6',
      'ready',
    ])
    expect(all[4]).toMatchObject({
      address: A,
      key: 'a',
      session: 1,
      direction: 'outbound',
      entry: { state: 'connected', kind: 'fault', sessions: [{ id: 1, key: 'a' }] },
    })
    expect(all[2].entry.waits).toBe('a queue')
    expect(all[6]).toMatchObject({
      session: 2,
      reason: 'bye',
      initiator: 'remote',
      error: { message: 'the wire broke' },
      entry: { sessions: [{ id: 1 }] },
    })
    expect(all[8]).toMatchObject({ session: 1, reason: 'enough', initiator: 'local' })
    expect(all[8].entry).toBeUndefined()
    expect(all[10].error).toEqual({
      code: 'DIAL_FAILED',
      message: 'Could not connect: nobody there',
    })
    expect(JSON.stringify(all)).not.toContain('secret')
  })

  it('has what was refused, errors that nobody waited for, and the end', async () => {
    const { hub, transport, lines } = setup()
    transport.acceptAnything({ address: A, session: 7 })
    hub.on('connected', () => {
      throw new Error('a bug of the app')
    })
    transport.inbound(A)
    await hub.close()
    const all = await lines()
    expect(all.find(({ type }) => type === 'refused')).toMatchObject({ by: 'hub', why: 'broken' })
    const errors = all.filter(({ type }) => type === 'error')
    expect(errors.map(({ origin, call }) => [origin, call])).toEqual([
      ['transport', 'listen'],
      ['listener', 'connected'],
    ])
    expect(all.at(-1).type).toBe('close')
  })

  it('has of the metadata what the option data picks, and cuts it', async () => {
    const { hub, lines } = setup({ data: ({ name, ...rest }) => ({ name, ...rest }) })
    const circle: Record<string, unknown> = {}
    circle.self = circle
    hub.connect(A, { data: { name: 'Anna' } }).catch(() => {})
    hub.update(A, { long: 'x'.repeat(5_000) })
    hub.update(A, { long: circle })
    const all = (await lines()).filter(({ entry }) => entry)
    expect(all.map(({ entry }) => entry.data)).toEqual([
      { name: 'Anna' },
      expect.stringMatching(/^\[50\d\d characters\]$/),
      '[unreadable]',
    ])
  })

  it('says nothing of addresses, keys and what others said where there is a salt', async () => {
    const salt = 'a salt of the tests'
    const { hub, transport, lines } = setup({ salt })
    hub.connect('fault:anna', { key: 'anna' }).catch(() => {})
    transport.lastDial.succeed({ key: 'somebody' })
    transport.inbound('fault:anna').end(new Error('from 192.0.2.1'), 'I am anna')
    const all = await lines()
    expect(JSON.stringify(all)).not.toMatch(/anna|somebody|192\./)
    const hmac = createHmac('sha256', salt).update('fault:anna').digest('hex').slice(0, 32)
    expect(all.find(({ type }) => type === 'connecting').address).toBe(hmac)
    expect(all.find(({ type }) => type === 'connecting-failed').error).toEqual({
      code: 'WRONG_PEER',
    })
  })
})

it('hashes as HMAC-SHA-256 does, whatever the text and the salt', () => {
  for (let length = 0; length < 200; length += 7) {
    const text = [...'é💡a'.repeat(length)].slice(0, length).join('')
    const salt = 'sält'.repeat(40).slice(0, Math.max(16, length))
    const expected = createHmac('sha256', salt).update(text).digest('hex').slice(0, 32)
    const hash = createHash(salt)
    expect(hash(text)).toBe(expected)
    expect(hash(text)).toBe(expected)
  }
})

it('addresses that differ in halves of a pair alone are not one under a salt', async () => {
  const { hub, transport, lines } = setup({ salt: 'the-salt-of-this-test' })
  const names = ['\ud800', '\ud801', '\udc00', '\ufffd', 'a\ud800b', 'a\ud801b', '\ud83d\ude00']
  for (const name of names) transport.inbound(`fault:${name}`)
  await turns()
  const told = (await lines()).filter(({ type }) => type === 'connected')
  expect(new Set(told.map(({ address }) => address)).size).toBe(names.length)
  expect(hub.size).toBe(names.length)
})

describe('the sink', () => {
  it('gets the lines of 50 ms as one text, and the entries of a large hub 500 at a time', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    onTestFinished(() => hub.close())
    for (let i = 0; i < 1_200; i++) transport.inbound(`fault:${i}`)
    const texts: string[] = []
    const countOf = (text: string, type: string) => text.split(`"type":"${type}"`).length - 1
    const recorder = record(hub, (text) => void texts.push(text))
    onTestFinished(() => recorder.stop())
    for (let ms = 0; ms < 10; ms++) {
      await Promise.resolve()
      recorder.flush()
      await vi.advanceTimersByTimeAsync(1)
    }
    await vi.advanceTimersByTimeAsync(50)
    const entries = texts.map((text) => countOf(text, 'entry')).filter((count) => count > 0)
    expect([entries.reduce((sum, count) => sum + count), Math.max(...entries)]).toEqual([
      1_200, 500,
    ])
    texts.length = 0
    for (let ms = 0; ms < 50; ms += 10) {
      transport.inbound(`fault:at ${ms}`)
      await vi.advanceTimersByTimeAsync(ms === 40 ? 9 : 10)
    }
    expect(texts).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(texts.map((text) => countOf(text, 'connected'))).toEqual([5])
  })

  it('is never called inside a delivery, and gets many lines at once', async () => {
    let isDelivering = false
    const texts: string[] = []
    const hub = createHub({ transport: createFaultTransport() })
    onTestFinished(() => hub.close())
    const recorder = record(hub, (text) => {
      expect(isDelivering).toBe(false)
      texts.push(text)
    })
    hub.on('*', () => {
      isDelivering = true
      Promise.resolve().then(() => {
        isDelivering = false
      })
    })
    for (let i = 0; i < 100; i++) hub.connect(`fault:${i}`).catch(() => {})
    await until(() => recorder.written > 100, 'all is written')
    expect(texts.length).toBeLessThan(5)
  })

  it('that throws or rejects harms nobody: it is told, and the record begins anew', async () => {
    for (const fail of [
      () => {
        throw new Error('the disk is full')
      },
      () => Promise.reject(new Error('the disk is full')),
    ]) {
      const texts: string[] = []
      let isFull = true
      const errors: unknown[] = []
      const transport = createFaultTransport()
      const hub = createHub({ transport })
      onTestFinished(() => hub.close())
      const recorder = record(hub, (text) => (isFull ? fail() : void texts.push(text)), {
        onError: (error) => void errors.push(error),
      })
      transport.inbound(A)
      await recorder.flush()
      expect(recorder.lost).toBeGreaterThan(1)
      expect(errors).toEqual([new Error('the disk is full')])
      isFull = false
      await until(() => recorder.written > 0, 'it has begun anew')
      const [begin, entry] = texts
        .join('')
        .split('\n')
        .map((line) => JSON.parse(line || '{}'))
      expect(begin).toMatchObject({ type: 'begin', lost: recorder.lost })
      expect(entry).toMatchObject({ type: 'entry', entry: { address: A, state: 'connected' } })
    }
  })

  it('that is slow holds up nobody: no more waits than may, and what is lost is told once', async () => {
    const errors: { code?: string }[] = []
    let release = () => {}
    let isSlow = true
    const texts: string[] = []
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    onTestFinished(() => hub.close())
    const sink = (text: string) => {
      texts.push(text)
      if (isSlow)
        return new Promise<void>((resolve) => {
          release = resolve
        })
    }
    const recorder = record(hub, sink, {
      waiting: 70_000,
      onError: (error) => void errors.push(error as never),
    })
    recorder.flush()
    for (let i = 0; i < 4_000; i++) transport.inbound(`fault:${i}`)
    expect(recorder.waiting).toBeLessThanOrEqual(70_000)
    expect(recorder.lost).toBeGreaterThan(3_000)
    expect(errors.map(({ code }) => code)).toEqual(['RECORD_LOST'])
    isSlow = false
    release()
    await until(() => texts.join('').includes('"ready"'), 'the whole hub is told anew')
    const replayed = replay(texts.join(''))
    replayed.play()
    expect(replayed.size).toBe(4_000)
  })

  it('may take parts of one line each: what frames a part begins no other one', async () => {
    const { hub, lines } = setup({ part: 1 })
    hub.connect(A).catch(() => {})
    await turns()
    hub.update(A, { name: 'Anna' })
    await turns()
    const types = (await lines()).map(({ type }) => type)
    expect(types).toEqual([
      ...['begin', 'connecting', 'entry', 'ready'],
      ...['change', 'begin', 'entry', 'ready'],
    ])
  })

  it('gets thousands of parts in one go: none takes its place on the stack', async () => {
    const { hub, recorder, texts, errors } = setup({ part: 1 })
    hub.connect(A).catch(() => {})
    for (let n = 0; n < 8_000; n++) {
      hub.update(A, { n })
      for (let turn = 0; turn < 3; turn++) await Promise.resolve()
    }
    await recorder.flush()
    expect([errors, recorder.lost]).toEqual([[], 0])
    expect(texts.length).toBeGreaterThan(5_000)
  })

  it('that was too slow is told of the end all the same', async () => {
    let isSlow = true
    let release = () => {}
    const texts: string[] = []
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const sink = (text: string) => {
      texts.push(text)
      if (isSlow) return new Promise<void>((resolve) => (release = resolve))
    }
    const recorder = record(hub, sink, { waiting: 65_536, onError: () => {} })
    recorder.flush()
    for (let i = 0; i < 1_000; i++) transport.inbound(`fault:${i}`)
    expect(recorder.lost).toBeGreaterThan(0)
    isSlow = false
    release()
    await recorder.flush()
    await hub.close()
    await recorder.stop()
    const replayed = replay(texts.join(''))
    replayed.play()
    expect([replayed.closed, replayed.size]).toEqual([true, 0])
  })

  it('that never answers does not hold up the end for ever', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const hub = createHub({ transport: createFaultTransport() })
    const recorder = record(hub, () => new Promise(() => {}))
    const stopped = recorder.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    await stopped
    await hub.close()
  })
})

describe('the end', () => {
  it('comes with the end of the hub, or by stop(), and takes away every listener and timer', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    for (const way of ['close', 'stop'] as const) {
      const { hub, subscriptions } = countSubscriptions(
        createHub({ transport: createFaultTransport() }),
      )
      const recorder = record(hub, () => {})
      expect(subscriptions()).toBe(7)
      if (way === 'stop') await recorder.stop()
      await hub.close()
      await recorder.stop()
      await turns()
      expect(subscriptions()).toBe(0)
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  it('hands over the rest at once where a program ends', () => {
    const { hub, recorder, texts } = setup()
    hub.connect(A).catch(() => {})
    recorder.flush()
    expect(texts.join('')).toContain('connecting')
  })
})

it.each([
  ['a hub', undefined, () => {}, {}],
  ['"sink"', 'hub', 'a file', {}],
  ['"options"', 'hub', () => {}, null],
  ['"pretty"', 'hub', () => {}, { pretty: true }],
  ['"salt"', 'hub', () => {}, { salt: 'x'.repeat(15) }],
  ['"data"', 'hub', () => {}, { data: true }],
  ['"part"', 'hub', () => {}, { part: 0 }],
  ['"waiting"', 'hub', () => {}, { waiting: '70000' }],
  ['"waiting"', 'hub', () => {}, { waiting: 65_535 }],
  ['"onError"', 'hub', () => {}, { onError: 1 }],
])('bad input is refused by name: %s', (what, given, sink, options) => {
  const hub = given === 'hub' ? createHub({ transport: createFaultTransport() }) : given
  expect(() => record(hub as never, sink as never, options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(what) }),
  )
})
