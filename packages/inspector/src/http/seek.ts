import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SeekRequest } from '../protocol.js'
import { obey, refuse } from './command.js'
import type { Served } from './served.js'

/** Moves a record to a place, for all who look at it. */
export const onSeek = (
  { recording, pending }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (!recording) return refuse(response, 404, 'NO_RECORD', 'It is no record that is shown here.')
  obey(pending, request, response, {
    read: readRequest,
    run: async ({ place }) => {
      await recording.goTo(place)
      return { ok: true }
    },
    example: '{ "place": 12 }',
  })
}

const readRequest = ({ place }: Readonly<Record<string, unknown>>): SeekRequest | undefined =>
  Number.isSafeInteger(place) ? { place: Number(place) } : undefined
