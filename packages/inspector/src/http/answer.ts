import type { ServerResponse } from 'node:http'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer, also on those that refuse. */
export const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** On a stream: nothing between may keep it back, or press it together. */
export const STREAM_HEADERS = {
  ...HEADERS,
  'Cache-Control': 'no-store, no-transform',
  'Content-Type': 'text/event-stream',
  'X-Accel-Buffering': 'no',
}

/** An answer of a line of text. */
export const answerText = (response: ServerResponse, status: number, text: string): void => {
  answer(response, status, 'text/plain; charset=utf-8', `${text}\n`)
}

export const answerJson = (response: ServerResponse, status: number, data: unknown): void => {
  answer(response, status, 'application/json', JSON.stringify(data))
}

export const answerMoved = (response: ServerResponse, place: string): void => {
  response.setHeader('Location', place)
  answerText(response, 308, 'Moved.')
}

export const answer = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
): void => {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  })
  // Node sends no body to who asked by HEAD.
  response.end(body)
}
