import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createHub, decorate, type HubSide } from '@conn-hub/core'
import { findPort, until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { instrument } from '../src/index.js'
import { isPrometheusHere, startPrometheus } from './prometheus.js'
import { startExporter } from './support.js'
import { createTcp } from './tcp.js'

interface Panel {
  readonly id: number
  readonly title: string
  readonly description: string
  readonly gridPos: {
    readonly h: number
    readonly w: number
    readonly x: number
    readonly y: number
  }
  readonly targets: readonly {
    readonly refId: string
    readonly expr: string
    readonly legendFormat: string
  }[]
}
const dashboard = JSON.parse(
  readFileSync(new URL('../dashboard.json', import.meta.url), 'utf8'),
) as { readonly panels: readonly Panel[] }
const { panels } = dashboard

/** As Grafana fills it in, with all hubs. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$hub', '.*').replaceAll('$__rate_interval', '15s')

describe('the dashboard', () => {
  it('has eight panels, each in its own place', () => {
    expect(panels).toHaveLength(8)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(8)
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(8)
    for (const { gridPos, description } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      expect(description).not.toBe('')
    }
  })

  it('names in its legends labels that its queries give', () => {
    for (const { expr, legendFormat } of panels.flatMap(({ targets }) => targets)) {
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`))
      }
    }
  })
})

const isHere = isPrometheusHere()
if (!isHere) console.log('Left out: there is no Prometheus at /usr/bin/prometheus.')

it.skipIf(!isHere)(
  'gives numbers in each panel for a hub that was used for ten seconds',
  async () => {
    const { meterProvider, port } = await startExporter()
    const stopUsing = await useAHub(meterProvider)
    const prometheus = await startPrometheus(port)
    // What goes over the sessions is summed each 10 s, and a rate takes two scrapes of it.
    const isTold = async () => {
      const rates = await prometheus.query('rate(conn_hub_io_total[15s]) > 0')
      // Asking it without pause would take it a core.
      await new Promise((resolve) => setTimeout(resolve, 200))
      return new Set(rates.map(({ metric }) => metric.network_io_direction)).size === 2
    }
    await until(isTold, 'the traffic shows as a rate', 120_000)
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const samples = await prometheus.query(filledIn(expr))
        expect(samples, `${title}: ${expr}`).not.toEqual([])
        for (const { value } of samples)
          expect(value, `${title}: ${expr}`).toBeGreaterThanOrEqual(0)
        expect(Math.max(...samples.map(({ value }) => value)), `${title}: ${expr}`).toBeGreaterThan(
          0,
        )
      }
    }
    await stopUsing()
  },
)

type Provider = Awaited<ReturnType<typeof startExporter>>['meterProvider']

/** Two hubs that dial each other over real sockets, and all that can go wrong between them, until it is stopped. */
const useAHub = async (meterProvider: Provider): Promise<() => Promise<void>> => {
  const [ours, theirs] = [await createTcp(), await createTcp()]
  const nobody = await findPort()
  const queued = decorate(ours.transport, {
    dial: (address, attempt, inner) => {
      const release = attempt.hold('a place in the queue')
      setTimeout(() => {
        release()
        inner(address, attempt)
      }, 30)
    },
  })
  const hub = createHub({ transport: queued, onError: () => {} })
  const other = createHub({ transport: theirs.transport, onError: () => {} })
  instrument(hub, { name: 'ours', meterProvider })
  hub.on('connected', () => {
    throw new Error('a bug of the app')
  })
  // One is always open, one is always held up.
  const { transport } = await createTcp()
  const stays = createHub({ transport, onError: () => {} })
  instrument(stays, { name: 'stays', meterProvider })
  ;(await stays.connect(theirs.address)).write('x'.repeat(1_000))
  let side: HubSide<Socket> | undefined
  const held = decorate(ours.transport, {
    dial: (_, { hold }) => void hold('for ever'),
    listen: (_, own) => {
      side = own
      return () => {}
    },
  })
  const waits = createHub({ transport: held })
  instrument(waits, { name: 'waits', meterProvider })
  waits.connect('tcp:1').catch(() => {})
  const using = setInterval(async () => {
    hub.connect(`tcp:${nobody}`).catch(() => {})
    // The other side speaks on the links that stay, too.
    for (const { sessions } of other.entries()) sessions[0]?.handle.write('y'.repeat(100))
    for (const { sessions } of stays.entries()) sessions[0]?.handle.write('z'.repeat(100))
    const socket = await hub.connect(theirs.address).catch(() => undefined)
    socket?.write('hello')
    // The last round may be under way when the hubs close.
    await hub.disconnect(theirs.address).catch(() => {})
    if (!waits.closed) side?.refused({ by: 'gate', why: 'refused', direction: 'inbound' })
  }, 200)
  const stop = async () => {
    clearInterval(using)
    await Promise.all([hub, other, stays, waits].map((each) => each.close()))
  }
  onTestFinished(stop)
  return stop
}
