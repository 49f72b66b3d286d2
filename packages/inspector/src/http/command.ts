import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ControlAnswer } from '../protocol.js'
import { answerJson } from './answer.js'

/** In bytes: an address, and a little. */
const MAX_BODY = 8 * 1024
/** A dial may take its time; more than these at once are a mistake. */
const MAX_PENDING = 32

/** What a page may ask for, and how it is done. */
interface Command<T> {
  /** Of what was sent, as JSON; `undefined`: it is no such request. */
  readonly read: (asked: Readonly<Record<string, unknown>>) => T | undefined
  readonly run: (asked: T) => Promise<ControlAnswer>
  /** How it looks, for who asked wrongly. */
  readonly example: string
}

/** Does what a page asks for, and answers once it is done. The Host, the token and the Origin, where there is one, have been compared. */
export const obey = <T>(
  pending: Set<unknown>,
  request: IncomingMessage,
  response: ServerResponse,
  command: Command<T>,
) => {
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
  answerCommand(request, response, command)
    .catch(() => response.destroy())
    .finally(() => pending.delete(response))
}

const answerCommand = async <T>(
  request: IncomingMessage,
  response: ServerResponse,
  { read, run, example }: Command<T>,
): Promise<void> => {
  const body = await readBody(request)
  if (body === undefined) {
    response.setHeader('Connection', 'close')
    return refuse(response, 413, 'INVALID_REQUEST', `A request may have ${MAX_BODY} bytes.`)
  }
  const asked = readJson(body)
  const known = asked && read(asked)
  if (known !== undefined) return answerJson(response, 200, await run(known))
  refuse(response, 400, 'INVALID_REQUEST', `It must be like ${example}.`)
}

export const refuse = (
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void => answerJson(response, status, { ok: false, code, message } satisfies ControlAnswer)

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

const readJson = (body: string): Record<string, unknown> | undefined => {
  try {
    const given: unknown = JSON.parse(body)
    return typeof given === 'object' && given !== null
      ? (given as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
