import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, setup } from './support.js'

const explained = async (given: unknown, address = 'fault:a') => {
  const explain = typeof given === 'function' ? (given as () => unknown) : () => given
  const { inspector } = await setup({ explain })
  const { status, body } = await ask(
    `${inspector.url}explain?address=${encodeURIComponent(address)}`,
  )
  expect(status).toBe(200)
  return JSON.parse(body)
}

describe('explain', () => {
  it.each([
    ['texts', ['kept since noon', 'waits'], { lines: ['kept since noon', 'waits'] }],
    ['one text', 'waits', { lines: ['waits'] }],
    [
      'objects',
      [
        { by: 'keeper', text: 'waits', nextAt: 5_000 },
        { why: 'gate', until: 9_000 },
      ],
      { lines: ['keeper: waits', 'gate (1970-01-01T00:00:09Z)'], nextAt: 5_000 },
    ],
    ['nothing', undefined, { lines: [] }],
    ['nonsense', [7, null, {}, { text: {} }, { nextAt: Number.NaN }], { lines: [] }],
    ['a promise', () => Promise.resolve(['later']), { lines: ['later'] }],
  ])('tells %s', async (_, given, told) => {
    expect(await explained(given)).toEqual(told)
  })

  it('tells of what throws, or rejects, that it does', async () => {
    const fail = () => {
      throw new Error('broken')
    }
    expect(await explained(fail)).toEqual({ lines: ['broken'] })
    expect(await explained(() => Promise.reject(new Error('no')))).toEqual({ lines: ['no'] })
  })

  it('gets the address, and what it says is bounded', async () => {
    const told = await explained(
      (address: string) => Array(99).fill(address.repeat(999)),
      'fault:ä&b',
    )
    expect(told.lines).toHaveLength(20)
    expect(told.lines[0].startsWith('fault:ä&bfault:')).toBe(true)
    expect(told.lines[0]).toHaveLength(500)
  })

  it('waits 2 s for the app, and for 32 questions at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let asked = 0
    const explain = () => {
      asked++
      return new Promise(() => {})
    }
    const { inspector } = await setup({ explain })
    const url = `${inspector.url}explain?address=a`
    const waiting = Array.from({ length: 32 }, () => ask(url))
    while (asked < 32) await new Promise((resolve) => setImmediate(resolve))
    expect((await ask(url)).status).toBe(503)
    vi.advanceTimersByTime(2_000)
    for (const { body } of await Promise.all(waiting))
      expect(JSON.parse(body).lines).toEqual(['The app has not answered within 2000 ms.'])
    expect(asked).toBe(32)
  })

  it('is off without the option, and needs an address', async () => {
    const off = await setup()
    expect((await ask(`${off.inspector.url}explain?address=a`)).status).toBe(404)
    const on = await setup({ explain: () => [] })
    expect((await ask(`${on.inspector.url}explain`)).status).toBe(400)
    expect((await ask(`${on.inspector.url}explain?address=${'x'.repeat(5_000)}`)).status).toBe(400)
  })
})

describe('fleet', () => {
  const rowsOf = async (machines: unknown, find?: (key: string) => unknown) => {
    const fleet = { machines: () => machines, find: find ?? (() => []) }
    const { inspector } = await setup({ fleet })
    const query = find ? '?find=%40anna' : ''
    return JSON.parse((await ask(`${inspector.url}fleet${query}`)).body)
  }

  it('tells the machines, and where a peer is', async () => {
    const machines = [{ machine: 'a', sessions: 3, draining: false, lease: { until: 7 } }]
    expect(await rowsOf(machines)).toEqual({
      rows: [{ machine: 'a', sessions: '3', draining: 'false', lease: '{"until":7}' }],
    })
    const find = async (key: string) => [{ machine: 'b', key }]
    expect(await rowsOf([], find)).toEqual({ rows: [{ machine: 'b', key: '@anna' }] })
  })

  it('takes a map, a list of names, and what can be gone through', async () => {
    expect(await rowsOf(new Map([['a', { sessions: 1 }]]))).toEqual({
      rows: [{ name: 'a', sessions: '1' }],
    })
    expect(await rowsOf(['a', 'b'])).toEqual({ rows: [{ name: 'a' }, { name: 'b' }] })
    expect(await rowsOf(new Set([{ name: 'c' }]))).toEqual({ rows: [{ name: 'c' }] })
    expect(await rowsOf(undefined)).toEqual({ rows: [] })
  })

  it('is bounded, and survives what throws', async () => {
    const throwing = Object.defineProperty({ a: 1 }, 'b', {
      enumerable: true,
      get: () => {
        throw new Error('x')
      },
    })
    expect(await rowsOf([throwing])).toEqual({ rows: [{ a: '1', b: '[unreadable]' }] })
    const { rows } = await rowsOf(Array(600).fill({ long: 'x'.repeat(9_999) }))
    expect([rows.length, rows[0].long.length]).toEqual([500, 500])
    const fail = () => Promise.reject(new Error('FLEET_UNREACHABLE'))
    expect(await rowsOf([], fail)).toEqual({ rows: [], error: 'FLEET_UNREACHABLE' })
  })

  it('is off without the option', async () => {
    const { inspector } = await setup()
    expect((await ask(`${inspector.url}fleet`)).status).toBe(404)
  })
})
