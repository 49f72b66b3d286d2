import { createHub } from '@conn-hub/core'
import { createFaultTransport, turns } from '@conn-hub/testkit'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { instrument } from '../src/index.js'
import { A, B } from './support.js'

const contexts = new AsyncLocalStorageContextManager()
beforeAll(() => void context.setGlobalContextManager(contexts.enable()))
afterAll(() => context.disable())

const setup = () => {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  const stop = instrument(hub, { name: 'chat', tracerProvider })
  const tracer = tracerProvider.getTracer('the app')
  /** Runs code inside a span, and gives the id of that span. */
  const inside = <T>(name: string, run: () => T): string => {
    const span = tracer.startSpan(name)
    context.with(trace.setSpan(context.active(), span), run)
    span.end()
    return span.spanContext().spanId
  }
  const dials = () => exporter.getFinishedSpans().filter(({ name }) => name === 'conn_hub.dial')
  return { transport, hub, stop, inside, dials, exporter }
}

it('makes a span for each dial, below the one of the caller', async () => {
  const { hub, transport, inside, dials } = setup()
  const request = inside('request', () => void hub.connect(A))
  await turns()
  transport.lastDial.succeed()
  const [span] = dials()
  expect(span?.parentSpanContext?.spanId).toBe(request)
  expect(span?.kind).toBe(SpanKind.CLIENT)
  expect(span?.attributes).toEqual({
    'conn_hub.name': 'chat',
    'conn_hub.connection.kind': 'fault',
  })
  expect(span?.status).toEqual({ code: SpanStatusCode.UNSET })
})

it('finds the caller after an await, and makes one span for those who share a dial', async () => {
  const { hub, transport, inside, dials } = setup()
  let done: Promise<unknown> | undefined
  const request = inside('request', () => {
    done = Promise.resolve().then(() => void hub.connect(A))
  })
  await done
  inside('another request', () => void hub.connect(A))
  transport.lastDial.succeed()
  expect(dials().map((span) => span.parentSpanContext?.spanId)).toEqual([request])
})

it('tells how a dial failed by its code, and not by its message, which may hold addresses', () => {
  const { hub, transport, dials } = setup()
  hub.connect(A, { key: 'a' }).catch(() => {})
  transport.lastDial.succeed({ key: 'somebody else' })
  hub.connect(B).catch(() => {})
  hub.disconnect(B)
  const found = dials().map(({ attributes, status, events }) => ({ attributes, status, events }))
  expect(found.map(({ attributes }) => attributes['error.type'])).toEqual([
    'WRONG_PEER',
    'DIAL_CANCELLED',
  ])
  for (const { status, events } of found) {
    expect(status).toEqual({ code: SpanStatusCode.ERROR })
    expect(events).toEqual([])
  }
  expect(JSON.stringify(found)).not.toMatch(/fault:|somebody/)
})

it('makes none for the life of a connection, nor for sessions of others', () => {
  const { hub, transport, exporter } = setup()
  transport.inbound(A).end()
  transport.inbound(B)
  hub.disconnect(B)
  expect(exporter.getFinishedSpans()).toEqual([])
})

it('takes what is active where the dial begins, which inside a listener is what the listener was called in', () => {
  const { hub, transport, inside, dials } = setup()
  hub.on('connected', ({ address }) => {
    if (address === A) hub.connect(B)
  })
  const socket = inside('socket', () => void transport.inbound(A))
  transport.lastDial.succeed()
  expect(dials().map((span) => span.parentSpanContext?.spanId)).toEqual([socket])
})

it('ends the spans of dials that run when it ends, and when the hub does', async () => {
  const first = setup()
  first.hub.connect(A).catch(() => {})
  first.stop()
  expect(first.dials()).toHaveLength(1)
  first.transport.lastDial.succeed()
  expect(first.dials()).toHaveLength(1)
  const second = setup()
  second.hub.connect(A).catch(() => {})
  await second.hub.close()
  expect(second.dials().map(({ attributes }) => attributes['error.type'])).toEqual(['HUB_CLOSED'])
})
