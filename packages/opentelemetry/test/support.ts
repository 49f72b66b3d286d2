import { createHub, type HubOptions } from '@conn-hub/core'
import { createFaultTransport, type FaultSession, findPort } from '@conn-hub/testkit'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { onTestFinished } from 'vitest'

/** A real exporter, that listens for Prometheus on a port of its own until the test ends. */
export const startExporter = async () => {
  const port = await findPort()
  const exporter = new PrometheusExporter({
    host: '127.0.0.1',
    port,
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  })
  await exporter.startServer()
  const meterProvider = new MeterProvider({ readers: [exporter] })
  onTestFinished(() => meterProvider.shutdown())
  const scrape = async (): Promise<Scrape> =>
    new Scrape(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
  return { meterProvider, scrape, port }
}

/** What an exporter told. */
export class Scrape {
  readonly text: string
  /** Value by name and labels, without the name of the hub and the prefix: `connection_count{state="connected"}`. */
  readonly values = new Map<string, number>()

  constructor(text: string) {
    this.text = text
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (name !== undefined)
        this.values.set(`${short(name)}{${shortLabels(labels)}}`, Number(value))
    }
  }

  get(series: string): number | undefined {
    return this.values.get(series)
  }

  /** All series of one metric that are not 0. */
  of(metric: string): Record<string, number> {
    const own = [...this.values].filter(
      ([name, value]) => name.startsWith(`${metric}{`) && value !== 0,
    )
    return Object.fromEntries(own.map(([name, value]) => [name.slice(metric.length), value]))
  }
}

const short = (name: string): string => name.replace(/^conn_hub_/, '')

const shortLabels = (labels: string): string =>
  labels
    .replace(/conn_hub_name="[^"]*",?/, '')
    .replace(/conn_hub_(connection|session|refused|error)_/g, '')
    .replace(/,$/, '')

export const A = 'fault:a'
export const B = 'fault:b'

/** A hub whose peers do as the test says, and an exporter. */
export const setup = async (options: Partial<HubOptions<FaultSession>> = {}) => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {}, ...options })
  onTestFinished(() => hub.close())
  return { transport, hub, ...(await startExporter()) }
}
