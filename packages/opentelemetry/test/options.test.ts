import { createHub, isHubError } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { createNoopMeter, metrics, trace } from '@opentelemetry/api'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, it, vi } from 'vitest'
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
