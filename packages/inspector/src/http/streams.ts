import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Journal } from '../journal.js'
import { answerText, HEADERS } from './answer.js'
import { Feed } from './feed.js'
import { toMessage } from './messages.js'
import type { Served } from './served.js'
import { Stream } from './stream.js'

/** Each is a socket and a reader of the hub; more than these are a mistake. */
const MAX_STREAMS = 32

/** How long a browser waits before it comes again, in ms; some take 3 seconds by themselves. */
const RETRY = 'retry: 1000\n'

export const onStream = (
  { hub, journal, allowControl, streams }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (streams.size >= MAX_STREAMS) {
    return answerText(response, 503, `There are ${MAX_STREAMS} streams already.`)
  }
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' })
  const stream = new Stream(response, new Feed(hub, journal, placeOf(request, journal)))
  streams.add(stream)
  response.once('close', () => streams.delete(stream))
  stream
    .run(RETRY + toMessage('hello', { hub: journal.id, control: allowControl, at: Date.now() }))
    .catch((error) => {
      console.error('conn-hub inspector: a stream broke:', error)
      stream.end()
    })
}

/** The `seq` that the reader has got, where it was here before and the app has not been started anew since. */
const placeOf = ({ headers, url = '' }: IncomingMessage, journal: Journal): number | undefined => {
  const asked = headers['last-event-id'] ?? new URLSearchParams(url.split('?')[1]).get('after')
  const [, hub, digits] = /^([\w-]+)\.(\d{1,15})$/.exec(String(asked)) ?? []
  const seq = Number(digits)
  return hub === journal.id && seq <= journal.seq ? seq : undefined
}
