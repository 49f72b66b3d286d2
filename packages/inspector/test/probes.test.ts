import type { Inspector } from '@conn-hub/inspector'
import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { ask, setup } from './support.js'

const get = async (url: string, headers = {}) => {
  const { status, body } = await ask(url, { headers })
  return [status, body] as const
}
const probeOf = ({ probeUrl }: Inspector) => probeUrl as string

describe('metrics and healthz', () => {
  it('are off unless they are asked for, and say how', async () => {
    const { inspector } = await setup()
    expect(await get(`${inspector.url}metrics`)).toEqual([
      404,
      'Metrics are off. They need the option metrics: true.\n',
    ])
    expect(await get(`${inspector.url}healthz`)).toEqual([
      404,
      'Health is off. It needs the option health: true.\n',
    ])
    expect(inspector.probeUrl).toBe(undefined)
    expect(await get(new URL('/metrics', inspector.url).href)).toEqual([404, 'Not found.\n'])
  })

  it('are behind the token', async () => {
    const { inspector, hub } = await setup({ metrics: true, health: true })
    expect((await get(`${inspector.url}metrics`))[0]).toBe(200)
    expect(await get(`${inspector.url}healthz`)).toEqual([200, '{"status":"ok"}'])
    expect((await get(new URL('/healthz', inspector.url).href))[0]).toBe(404)
    await hub.close()
    const [status, body] = await get(`${inspector.url}healthz`)
    expect([status, JSON.parse(body)]).toEqual([
      503,
      { status: 'closed', closedAt: expect.any(Number) },
    ])
  })

  it('are without it on a port of their own, where nothing else is', async () => {
    const { inspector } = await setup({ metrics: true, health: true, probePort: 0 })
    const url = probeOf(inspector)
    expect((await get(`${url}metrics`))[0]).toBe(200)
    expect((await get(`${url}healthz`))[0]).toBe(200)
    for (const path of ['', 'stream', 'metrics/', new URL(inspector.url).pathname.slice(1)])
      expect((await get(url + path))[0]).toBe(404)
    expect((await get(`${url}metrics`, { host: 'evil.example' }))[0]).toBe(403)
    expect((await get(`${url}metrics`, { origin: 'http://evil.example' }))[0]).toBe(403)
    await inspector.close()
    await expect(ask(`${url}healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('on a port of their own answer what is asked for alone', async () => {
    const { inspector } = await setup({ health: true, probePort: 0 })
    expect((await get(`${probeOf(inspector)}metrics`))[0]).toBe(404)
  })
})

describe('metrics', () => {
  it('count entries, sessions, dials, failures and refusals, as text for Prometheus', async () => {
    const { hub, transport, open, inspector } = await setup({ metrics: true })
    open('a')
    hub.connect('fault:b').catch(() => {})
    transport.lastDial.fail()
    hub.connect('fault:c').catch(() => {})
    transport.inbound('fault:c', { key: 'other' })
    transport.lastDial.succeed().end(Object.assign(new Error(), { code: 'E"\\' }))
    const { headers, body } = await ask(`${inspector.url}metrics`)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.filter((line) => !line.includes('dial_seconds'))).toEqual([
      'conn_hub_connections{state="connected",kind="fault"} 1',
      'conn_hub_sessions{direction="inbound"} 1',
      'conn_hub_sessions{direction="outbound"} 0',
      'conn_hub_down 2',
      'conn_hub_dials_total 2',
      'conn_hub_dials_failed_total{code="DIAL_FAILED"} 1',
      'conn_hub_links_broken_total{code="E\\"\\\\"} 1',
      'conn_hub_refused_total{why="wrong-peer"} 1',
      'conn_hub_disconnected_total{initiator="local"} 0',
      'conn_hub_disconnected_total{initiator="remote"} 1',
    ])
    expect(lines).toContain('conn_hub_dial_seconds_bucket{le="+Inf"} 1')
    expect(lines).toContain('conn_hub_dial_seconds_count 1')
    // Each line has the form that the format asks for.
    const form =
      /^conn_hub_[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? [\d.e+-]+$/
    for (const line of lines) expect(line).toMatch(form)
  })

  it('have the same number of series whatever the addresses are, and name none', async () => {
    const { open, inspector } = await setup({ metrics: true })
    open('a')
    const before = (await ask(`${inspector.url}metrics`)).body.split('\n').length
    for (let i = 0; i < 5_000; i++) open(`peer-${i}-${Math.random()}`)
    const { body } = await ask(`${inspector.url}metrics`)
    expect(body.split('\n').length).toBe(before)
    expect(body).not.toContain('peer-')
  })

  it('have as many series after many looks as after the first, whatever kinds strangers give their links', async () => {
    const { inspector, transport } = await setup({ metrics: true })
    const seen = new Set<string>()
    for (let look = 0; look < 3; look++) {
      for (let n = 0; n < 30; n++) {
        const kind = n < 2 ? ['\ud800', '\udfff'][n] : `kind ${look} ${n}`
        transport.inbound(`fault:${n}`, Object.assign(new FaultSession('inbound'), { kind }))
      }
      const [, body] = await get(`${inspector.url}metrics`)
      const lines = body.split('\n').filter((line) => line.startsWith('conn_hub_connections{'))
      const series = lines.map((line) => line.replace(/ \d+$/, ''))
      expect(new Set(series).size).toBe(series.length)
      for (const one of series) seen.add(one)
      for (const session of transport.sessions) if (session.isOpen) session.end()
    }
    expect(seen.size).toBe(25)
  })
})
