import type { IncomingMessage, ServerResponse } from 'node:http'
import { toLines } from '../plain/lines.js'
import type { Explained } from '../protocol.js'
import { answerText } from './answer.js'
import { askApp, queryOf } from './ask-app.js'
import type { Served } from './served.js'

/** Why a peer is as it is, in the words of the app's own function. */
export const onExplain = (
  { explain, pending }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const address = queryOf(request.url, 'address')
  if (!explain) return answerText(response, 404, 'Nothing explains. It needs the option explain.')
  if (address === undefined) return answerText(response, 400, 'An address is needed: ?address=')
  const toAnswer = (given: unknown, error?: string): Explained =>
    error === undefined ? toLines(given) : { lines: [error] }
  void askApp(pending, response, () => explain(address), toAnswer)
}
