import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hub } from '@conn-hub/core'
import { toPlainError } from '../plain/event.js'
import type { ControlAnswer, ControlRequest } from '../protocol.js'
import { answerJson } from './answer.js'
import type { Served } from './served.js'

/** In bytes: an address, and a little. */
const MAX_BODY = 8 * 1024
/** A dial may take its time; more than these at once are a mistake. */
const MAX_PENDING = 32
/** The reason that events carry. */
const REASON = 'inspector'

/** Does what the page asks for, and answers once it is done. */
export const onControl = (
  { hub, allowControl, pending }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (!allowControl) {
    return refuse(response, 403, 'CONTROL_OFF', 'Control is off. It needs allowControl: true.')
  }
  // It has been compared already, where there is one.
  if (request.headers.origin === undefined) {
    return refuse(response, 403, 'INVALID_REQUEST', 'An Origin is needed.')
  }
  // A form of another site can send text, but no JSON without being asked for leave.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return refuse(response, 415, 'INVALID_REQUEST', 'The Content-Type must be application/json.')
  }
  if (pending.size >= MAX_PENDING) {
    return refuse(response, 503, 'TOO_MANY', `${MAX_PENDING} commands are not done yet.`)
  }
  pending.add(response)
  // Who breaks off in the middle gets no answer.
  obey(hub, request, response)
    .catch(() => response.destroy())
    .finally(() => pending.delete(response))
}

const obey = async (
  hub: Hub<unknown>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await readBody(request)
  if (body === undefined) {
    response.setHeader('Connection', 'close')
    return refuse(response, 413, 'INVALID_REQUEST', `A request may have ${MAX_BODY} bytes.`)
  }
  const asked = readRequest(body)
  if (asked) return answerJson(response, 200, await run(hub, asked))
  refuse(response, 400, 'INVALID_REQUEST', 'It must be like { "do": "connect", "address": "…" }.')
}

const refuse = (response: ServerResponse, status: number, code: string, message: string): void =>
  answerJson(response, status, { ok: false, code, message } satisfies ControlAnswer)

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > MAX_BODY) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

const readRequest = (body: string): ControlRequest | undefined => {
  try {
    const asked = JSON.parse(body) as Partial<Record<'do' | 'address', unknown>> | null
    if (asked?.do === 'reset') return { do: 'reset' }
    if (asked?.do !== 'connect' && asked?.do !== 'disconnect') return undefined
    return typeof asked.address === 'string' ? { do: asked.do, address: asked.address } : undefined
  } catch {
    return undefined
  }
}

const run = async (hub: Hub<unknown>, asked: ControlRequest): Promise<ControlAnswer> => {
  try {
    if (asked.do === 'connect') await hub.connect(asked.address)
    else if (asked.do === 'disconnect') await hub.disconnect(asked.address, { reason: REASON })
    else await hub.reset(REASON)
    return { ok: true }
  } catch (error) {
    const { code = 'FAILED', message } = toPlainError(error)
    return { ok: false, code, message }
  }
}
