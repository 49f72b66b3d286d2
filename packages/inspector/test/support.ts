import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { createHub } from '@conn-hub/core'
import { type InspectorOptions, serveInspector } from '@conn-hub/inspector'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'
import { StreamReader } from './stream-reader.js'

export const TOKEN = 'a_token-of-the-tests-with-32-or-more'

/** A hub whose peers do as the test says, and an inspector of it; both end with the test. */
export const setup = async (options: InspectorOptions = {}) => {
  const transport = createFaultTransport()
  const counted = countSubscriptions(createHub({ transport, onError: () => {} }))
  const { hub, subscriptions } = counted
  const inspector = await serveInspector(hub, { token: TOKEN, ...options })
  onTestFinished(() => inspector.close())
  onTestFinished(() => hub.close())
  /** The peer at `fault:NAME` connects. */
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return {
    hub,
    transport,
    open,
    subscriptions,
    inspector,
    stream: (asked: Asked = {}) => openStream(inspector.url, asked),
  }
}

interface Asked {
  readonly after?: string
  readonly headers?: Record<string, string>
}

export const openStream = async (url: string, { after, headers }: Asked = {}) => {
  const asked = after === undefined ? 'stream' : `stream?after=${encodeURIComponent(after)}`
  const response = await send(new URL(asked, url), 'GET', headers)
  const reader = new StreamReader(response)
  onTestFinished(() => reader.close())
  return reader
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request, answered to its end. */
export const ask = async (
  url: string | URL,
  { method = 'GET', headers = {}, body = '' } = {},
): Promise<Answer> => {
  const response = await send(new URL(url), method, headers, body)
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  return { status: response.statusCode ?? 0, headers: response.headers, body: text }
}

const send = (
  url: URL,
  method: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, resolve).on('error', reject).end(body)
  })

/** A condition that needs no timer, so that timers may be fake. */
export const soon = async (holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 60_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${holds}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
