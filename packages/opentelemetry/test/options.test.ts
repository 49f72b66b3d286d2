import { createHub, isHubError } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { createNoopMeter, diag, metrics, trace } from '@opentelemetry/api'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { instrument } from '../src/index.js'

afterEach(() => {
  metrics.disable()
  trace.disable()
  vi.restoreAllMocks()
})

const setup = () => countSubscriptions(createHub({ transport: createFaultTransport() }))
const off = { getMeter: createNoopMeter }

describe('where nothing is to be measured', () => {
  it('subscribes to nothing, and starts no timer', () => {
    const setInterval = vi.spyOn(globalThis, 'setInterval')
    const { hub, subscriptions } = setup()
    const stop = instrument(hub, { name: 'chat' })
    instrument(hub, { name: 'chat', meterProvider: off })
    expect(subscriptions()).toBe(0)
    expect(setInterval).not.toHaveBeenCalled()
    stop()
  })

  it('subscribes for metrics alone, or for spans alone, to what they need', () => {
    const { hub, subscriptions } = setup()
    const meterProvider = new MeterProvider()
    const tracerProvider = new BasicTracerProvider()
    const stopMetrics = instrument(hub, { name: 'chat', meterProvider })
    expect(subscriptions()).toBe(7)
    stopMetrics()
    expect(subscriptions()).toBe(0)
    const stopSpans = instrument(hub, { name: 'chat', tracerProvider })
    expect(subscriptions()).toBe(5)
    stopSpans()
    expect(subscriptions()).toBe(0)
  })

  it('keeps nothing after the hub has closed', async () => {
    const clearInterval = vi.spyOn(globalThis, 'clearInterval')
    const { hub, subscriptions } = setup()
    instrument(hub, { name: 'chat', meterProvider: new MeterProvider() })
    await hub.close()
    expect(subscriptions()).toBe(0)
    expect(clearInterval).toHaveBeenCalledTimes(1)
  })
})

it('takes the global providers that the app has registered', () => {
  const { hub, subscriptions } = setup()
  metrics.setGlobalMeterProvider(new MeterProvider())
  trace.setGlobalTracerProvider(new BasicTracerProvider())
  const stop = instrument(hub, { name: 'chat' })
  expect(subscriptions()).toBe(11)
  stop()
  expect(subscriptions()).toBe(0)
})

describe('an SDK that throws', () => {
  const setUp = () => {
    vi.useFakeTimers()
    const told = vi.fn()
    diag.setLogger({ error: told, warn: told, info: () => {}, debug: () => {}, verbose: () => {} })
    onTestFinished(() => {
      diag.disable()
      vi.useRealTimers()
    })
    const transport = createFaultTransport()
    const counted = countSubscriptions(createHub({ transport, onError: () => {} }))
    let isBroken = false
    const fail = () => {
      if (isBroken) throw new Error('the SDK is broken')
    }
    const counter = { add: fail, record: fail }
    const meter = {
      createCounter: () => counter,
      createUpDownCounter: () => counter,
      createHistogram: () => counter,
    }
    const ended = vi.fn(fail)
    const span = { setAttribute: () => {}, setStatus: () => {}, end: ended }
    const stop = instrument(counted.hub, {
      name: 'chat',
      meterProvider: { getMeter: () => meter } as never,
      tracerProvider: { getTracer: () => ({ startSpan: () => span }) } as never,
    })
    const breakIt = () => {
      isBroken = true
    }
    return { ...counted, transport, stop, ended, breakIt, told }
  }

  it('does not end the process by a timer: it is told to who listens to its own errors', () => {
    const { hub, transport, breakIt, told } = setUp()
    breakIt()
    hub.connect('fault:a').catch(() => {})
    transport.lastDial.succeed()
    vi.advanceTimersByTime(10_000)
    expect(told).toHaveBeenCalledWith(expect.any(String), new Error('the SDK is broken'))
  })

  it('leaves nobody who listens, and no span open, where it is ended', () => {
    const { hub, subscriptions, stop, ended, breakIt } = setUp()
    for (const name of ['a', 'b', 'c']) hub.connect(`fault:${name}`).catch(() => {})
    breakIt()
    stop()
    expect(subscriptions()).toBe(0)
    // Those of the dials.
    expect(vi.getTimerCount()).toBe(3)
    expect(ended).toHaveBeenCalledTimes(3)
  })
})

describe('bad input is refused by name', () => {
  const { hub } = setup()
  const meterProvider = new MeterProvider()
  it.each([
    ['a hub of createHub()', undefined, { name: 'chat' }],
    ['a hub of createHub()', { on: () => {} }, { name: 'chat' }],
    ['instrument(hub', hub, undefined],
    ['instrument(hub', hub, null],
    ['"name"', hub, {}],
    ['"name"', hub, { name: '' }],
    ['"name"', hub, { name: 7 }],
    ['"name"', hub, { name: 'x'.repeat(101) }],
    ['"meter"', hub, { name: 'chat', meter: meterProvider }],
    ['"meterProvider"', hub, { name: 'chat', meterProvider: null }],
    ['"meterProvider"', hub, { name: 'chat', meterProvider: {} }],
    ['"tracerProvider"', hub, { name: 'chat', tracerProvider: meterProvider }],
  ])('%s', (what, given, options) => {
    let thrown: unknown
    try {
      instrument(given as never, options as never)
    } catch (error) {
      thrown = error
    }
    expect(isHubError(thrown)).toBe(true)
    expect(thrown).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(what) })
  })
})

it('refuses a hub that has closed', async () => {
  const { hub } = setup()
  await hub.close()
  expect(() => instrument(hub, { name: 'chat', meterProvider: new MeterProvider() })).toThrow(
    expect.objectContaining({ code: 'HUB_CLOSED' }),
  )
})
