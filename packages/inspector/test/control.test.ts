import { describe, expect, it } from 'vitest'
import type { ControlRequest } from '../src/protocol.js'
import { ask, setup } from './support.js'

const withControl = async () => {
  const scene = await setup({ allowControl: true })
  const { origin } = new URL(scene.inspector.url)
  const url = `${scene.inspector.url}control`
  const headers = { origin, 'content-type': 'application/json' }
  /** What the page would send. */
  const order = async (asked: ControlRequest) => {
    const { status, body } = await ask(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(asked),
    })
    return { status, ...JSON.parse(body) }
  }
  return { ...scene, url, origin, headers, order }
}

describe('with control', () => {
  it('the stream says so', async () => {
    const { stream } = await withControl()
    const reader = await stream()
    await reader.saw('hello')
    expect(reader.of('hello')[0]?.control).toBe(true)
  })

  it('the page connects', async () => {
    const { hub, transport, order } = await withControl()
    transport.onDial = (dial) => void dial.succeed()
    expect(await order({ do: 'connect', address: 'fault:a' })).toEqual({ status: 200, ok: true })
    expect(hub.getState('fault:a')).toBe('connected')
  })

  it('the page disconnects, and the event says who did', async () => {
    const { hub, open, order, stream } = await withControl()
    open('a')
    expect(await order({ do: 'disconnect', address: 'fault:a' })).toEqual({ status: 200, ok: true })
    expect(hub.size).toBe(0)
    const reader = await stream()
    await reader.heard(3)
    expect(reader.events.at(-1)).toMatchObject({ reason: 'inspector', initiator: 'local' })
  })

  it('the page resets', async () => {
    const { hub, open, order } = await withControl()
    open('a')
    open('b')
    expect(await order({ do: 'reset' })).toEqual({ status: 200, ok: true })
    expect(hub.size).toBe(0)
  })

  it('the page hears why a dial failed', async () => {
    const { transport, order } = await withControl()
    transport.onDial = (dial) => dial.fail(new Error('nobody there'))
    expect(await order({ do: 'connect', address: 'fault:a' })).toEqual({
      status: 200,
      ok: false,
      code: 'DIAL_FAILED',
      message: expect.stringContaining('nobody there'),
    })
    expect(await order({ do: 'connect', address: 'none' })).toMatchObject({
      ok: false,
      code: 'INVALID_ADDRESS',
    })
  })

  it('the page hears that the hub has closed', async () => {
    const { hub, order } = await withControl()
    await hub.close()
    expect(await order({ do: 'reset' })).toMatchObject({ ok: false, code: 'HUB_CLOSED' })
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"reset"',
    '{}',
    '{"do":"close","address":"fault:a"}',
    '{"do":"connect"}',
    '{"do":"connect","address":7}',
    '{"do":"toString"}',
  ])('%j is refused', async (body) => {
    const { transport, url, headers, hub, open } = await withControl()
    open('a')
    const answer = await ask(url, { method: 'POST', headers, body })
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 'INVALID_REQUEST'])
    expect([transport.dials.length, hub.size]).toEqual([0, 1])
  })

  it('a request of more than 8 KiB is refused, and one of 8 KiB is read', async () => {
    const { url, headers } = await withControl()
    const statusOf = async (length: number) => {
      const body = JSON.stringify({ do: 'connect', address: 'x' }).padEnd(length)
      return (await ask(url, { method: 'POST', headers, body })).status
    }
    expect(await statusOf(8_192)).toBe(200)
    expect(await statusOf(8_193)).toBe(413)
  })

  it('a request without an Origin, or of another type, is refused', async () => {
    const { url, origin, headers, hub, open } = await withControl()
    open('a')
    const body = '{"do":"reset"}'
    const statusOf = async (given: Record<string, string>) =>
      (await ask(url, { method: 'POST', headers: given, body })).status
    expect(await statusOf({ 'content-type': 'application/json' })).toBe(403)
    expect(await statusOf({ ...headers, origin: 'http://evil.example' })).toBe(403)
    expect(await statusOf({ origin })).toBe(415)
    expect(await statusOf({ origin, 'content-type': 'text/plain' })).toBe(415)
    expect(await statusOf({ origin, 'content-type': 'application/jsonp' })).toBe(415)
    expect(hub.size).toBe(1)
    expect(await statusOf({ origin, 'content-type': 'application/json; charset=utf-8' })).toBe(200)
    expect(hub.size).toBe(0)
  })
})

it('without control, everything is refused and nothing happens', async () => {
  const { hub, transport, open, inspector } = await setup()
  open('a')
  const headers = {
    origin: new URL(inspector.url).origin,
    'content-type': 'application/json',
  }
  for (const asked of [
    { do: 'connect', address: 'fault:b' },
    { do: 'disconnect', address: 'fault:a' },
    { do: 'reset' },
  ]) {
    const body = JSON.stringify(asked)
    const answer = await ask(`${inspector.url}control`, { method: 'POST', headers, body })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body)).toEqual({
      ok: false,
      code: 'CONTROL_OFF',
      message: 'Control is off. It needs allowControl: true.',
    })
  }
  expect([transport.dials.length, hub.getState('fault:a')]).toEqual([0, 'connected'])
})
