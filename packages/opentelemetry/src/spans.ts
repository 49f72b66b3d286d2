import type { Address, ConnectionEvent, Hub } from '@conn-hub/core'
import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { createNamed } from './attributes.js'
import { doAll } from './do-all.js'
import { createErrorTypes, createKinds } from './words.js'

/** A span for each dial, below the span that is active where it begins. Gives what ends it. */
export const trace = (hub: Hub<unknown>, tracer: Tracer, name: string): (() => void) => {
  const named = createNamed(name)
  const kindOf = createKinds()
  const errorTypeOf = createErrorTypes()
  /** Of the dials that run. */
  const spans = new Map<Address, Span>()

  const began = ({ address }: ConnectionEvent<unknown>) => {
    const kind = kindOf(hub.get(address)?.kind)
    const attributes = named({ 'conn_hub.connection.kind': kind })
    // Where the stack was full, the end of the one before was not heard.
    spans.get(address)?.end()
    spans.set(address, tracer.startSpan('conn_hub.dial', { kind: SpanKind.CLIENT, attributes }))
  }
  const ended = (event: ConnectionEvent<unknown>) => {
    const span = spans.get(event.address)
    if (!span) return
    spans.delete(event.address)
    const errorType = errorTypeOf(event)
    // No message: it may hold addresses and keys.
    if (errorType !== undefined) {
      span.setAttribute('error.type', errorType)
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end()
  }
  const stops = [
    hub.on('connecting', began),
    hub.on('connected', ended),
    hub.on('connecting-failed', ended),
    hub.on('disconnecting', ended),
  ]
  return () => {
    doAll([...stops, ...[...spans.values()].map((span) => () => span.end())])
    spans.clear()
  }
}
