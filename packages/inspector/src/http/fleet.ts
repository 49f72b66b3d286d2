import type { IncomingMessage, ServerResponse } from 'node:http'
import { toRows } from '../plain/rows.js'
import type { FleetAnswer } from '../protocol.js'
import { answerText } from './answer.js'
import { askApp, queryOf } from './ask-app.js'
import type { Served } from './served.js'

/** The machines of the fleet, or those where a peer is. */
export const onFleet = (
  { fleet, pending }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (!fleet) return answerText(response, 404, 'There is no fleet. It needs the option fleet.')
  const key = queryOf(request.url, 'find')
  const toAnswer = (given: unknown, error?: string): FleetAnswer => ({
    rows: toRows(given),
    ...(error !== undefined && { error }),
  })
  const ask = () => (key === undefined ? fleet.machines() : fleet.find(key))
  void askApp(pending, response, ask, toAnswer)
}
