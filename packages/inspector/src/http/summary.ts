import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Summary } from '../protocol.js'
import { answerJson } from './answer.js'
import type { Served } from './served.js'
import { MAX_STREAMS } from './streams.js'

/** For a page that is not looked at, and for one that was refused and wants to know why. */
export const onSummary = (
  { hub, journal, streams }: Served,
  _: IncomingMessage,
  response: ServerResponse,
) => {
  const { id, seq, closedAt, kept } = journal
  const connected = hub.snapshot().filter(({ state }) => state === 'connected').length
  answerJson(response, 200, {
    hub: id,
    at: Date.now(),
    seq,
    connected,
    down: kept.down.peers.size,
    ...(closedAt !== undefined && { closedAt }),
    places: MAX_STREAMS,
    taken: streams.size,
  } satisfies Summary)
}
