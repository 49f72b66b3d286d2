import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import type { Journal } from '../journal.js'
import type { Messages } from '../protocol.js'
import { answerText, STREAM_HEADERS } from './answer.js'
import { Feed } from './feed.js'
import { toMessage } from './messages.js'
import type { Served } from './served.js'
import { Stream } from './stream.js'

/** Each is a socket and a reader of the hub; more than these are a mistake. */
export const MAX_STREAMS = 32

/** How long a browser waits before it comes again, in ms; some take 3 seconds by themselves. */
const RETRY = 'retry: 1000\n'

export const onStream = (served: Served, request: IncomingMessage, response: ServerResponse) => {
  const { journal, streams, pause } = served
  const { socket } = request
  // It would wait behind a stream that does not end, and hold a place meanwhile.
  for (const one of streams) if (one.socket === socket) return void socket.destroy()
  if (request.method === 'HEAD') return void response.writeHead(200, STREAM_HEADERS).end()
  if (streams.size >= MAX_STREAMS) {
    return answerText(response, 503, `There are ${MAX_STREAMS} streams already.`)
  }
  response.writeHead(200, STREAM_HEADERS)
  const stream = new Stream(response, pause)
  streams.add(stream)
  response.once('close', () => streams.delete(stream))
  stream.show(new Feed(served, placeOf(request, journal)), helloOf(served))
  stream.run().catch((error) => {
    console.error('conn-hub inspector: a stream broke:', error)
    stream.end()
  })
}

/** After a record was moved: who looks goes on, or begins anew where it went back. */
export const followMoves = (served: Served): void => {
  const { recording, streams } = served
  recording?.onMoved((isAnew) => {
    for (const stream of streams) {
      if (isAnew) stream.show(new Feed(served, undefined), helloOf(served))
      else stream.wake()
    }
  })
}

const helloOf = (served: Served): string => RETRY + toMessage('hello', toHello(served))

const toHello = (served: Served): Messages['hello'] => {
  const { journal, allowControl, name, key, explain, fleet, recording } = served
  return {
    hub: journal.id,
    control: allowControl,
    at: Date.now(),
    ...(name !== undefined && { name }),
    ...(key !== undefined && { key }),
    ...(recording ? { moment: recording.moment } : whereabouts()),
    explain: explain !== undefined,
    fleet: fleet !== undefined,
  }
}

const whereabouts = () => ({
  host: `${hostname()}, process ${process.pid}`,
  startedAt: Math.round(Date.now() - process.uptime() * 1_000),
})

/** The `seq` that the reader has got, where it was here before and the app has not been started anew since. */
const placeOf = ({ headers, url = '' }: IncomingMessage, journal: Journal): number | undefined => {
  const asked = headers['last-event-id'] || new URLSearchParams(url.split('?')[1]).get('after')
  const [, hub, digits] = /^([\w-]+)\.(\d{1,15})$/.exec(String(asked)) ?? []
  const seq = Number(digits)
  return hub === journal.id && seq <= journal.seq ? seq : undefined
}
