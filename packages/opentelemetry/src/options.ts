import type { Listenable } from '@conn-hub/core'
import {
  createNoopMeter,
  type Meter,
  type MeterProvider,
  metrics,
  type ProxyTracerProvider,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { hubError } from './errors.js'

/** What `instrument()` is given. */
export interface InstrumentOptions {
  /** Tells this hub from others: the attribute `conn_hub.name` of all that it measures. 1 to 100 characters, and the same at each start. */
  readonly name: string
  /** Makes the metrics. Default: the global one, where the app has registered one before this call. */
  readonly meterProvider?: MeterProvider | undefined
  /** Makes the spans. Default: the global one, where the app has registered one before this call. */
  readonly tracerProvider?: TracerProvider | undefined
}

/** What is to be done; what is `undefined` is off. */
export interface Settings {
  readonly name: string
  readonly meter: Meter | undefined
  readonly tracer: Tracer | undefined
}

const invalidOption = (message: string): Error => hubError('INVALID_OPTION', message)

const SCOPE = '@conn-hub/opentelemetry'
const KNOWN = ['name', 'meterProvider', 'tracerProvider']
const MAX_NAME = 100

/** Throws `INVALID_OPTION`. */
export const readOptions = (options: InstrumentOptions): Settings => {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption("The options must be an object: instrument(hub, { name: 'chat' }).")
  }
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) {
    throw invalidOption(
      `There is no option "${unknown}". The options here are ${KNOWN.join(', ')}.`,
    )
  }
  const { name, meterProvider, tracerProvider } = options
  const isName = typeof name === 'string' && name !== '' && name.length <= MAX_NAME
  if (!isName)
    throw invalidOption(`The option "name" must be a text of 1 to ${MAX_NAME} characters.`)
  expectMethod(meterProvider, 'getMeter', 'meterProvider')
  expectMethod(tracerProvider, 'getTracer', 'tracerProvider')
  return {
    name,
    meter: meterOf(meterProvider ?? metrics.getMeterProvider()),
    tracer: tracerOf(tracerProvider ?? trace.getTracerProvider()),
  }
}

/** Throws `INVALID_OPTION`, or `HUB_CLOSED`. */
export const checkHub = (hub: unknown): void => {
  const { on, snapshot, closed } = Object(hub) as Partial<
    Record<keyof Listenable<unknown>, unknown>
  >
  if (typeof on !== 'function' || typeof snapshot !== 'function') {
    throw invalidOption('The first argument must be a hub of createHub().')
  }
  if (closed) throw hubError('HUB_CLOSED', 'This hub is closed: there is nothing to measure.')
}

const expectMethod = (provider: unknown, method: string, option: string): void => {
  if (provider === undefined) return
  const given = provider as Record<string, unknown> | null
  if (typeof given?.[method] === 'function') return
  throw invalidOption(`The option "${option}" must have ${method}(), as OpenTelemetry's have.`)
}

/** None: it measures nothing. */
const meterOf = (provider: MeterProvider): Meter | undefined => {
  const meter = provider.getMeter(SCOPE)
  return meter === createNoopMeter() ? undefined : meter
}

/** None: the global provider that the app has not registered yet is a proxy with nothing behind it. */
const tracerOf = (provider: TracerProvider): Tracer | undefined => {
  const { getDelegateTracer } = provider as Partial<ProxyTracerProvider>
  if (getDelegateTracer && !getDelegateTracer.call(provider, SCOPE)) return undefined
  return provider.getTracer(SCOPE)
}
