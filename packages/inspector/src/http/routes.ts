import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { answer, answerMoved, answerText } from './answer.js'
import { onControl } from './control.js'
import type { Served } from './served.js'
import { onStream } from './streams.js'

const NOT_BUILT =
  'The page of the inspector has not been built. In its repository: npx -y pnpm@10 build'

/** Answers each request. A request that is refused learns nothing else. */
export const createRoutes =
  (served: Served): RequestListener =>
  (request, response) => {
    const { access } = served
    if (!access.allowsHost(request)) return answerText(response, 403, 'Unknown Host.')
    const [, token = '', path] = /^\/([^/?]*)(?:\/([^?]*))?(?:\?|$)/.exec(request.url ?? '') ?? []
    if (!access.allowsToken(token)) return answerText(response, 404, 'Not found.')
    if (!access.allowsOrigin(request)) return answerText(response, 403, 'Unknown Origin.')
    // Without the slash at its end the page would look for its parts in the wrong place.
    if (path === undefined) return answerMoved(response, `/${token}/`)
    route(served, path, request, response)
  }

const route = (
  served: Served,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const file = served.page.get(path)
  if (!file && !['', 'stream', 'control'].includes(path)) {
    return answerText(response, 404, 'Not found.')
  }
  const method = path === 'control' ? 'POST' : 'GET'
  if (request.method !== method) {
    response.setHeader('Allow', method)
    return answerText(response, 405, 'Method not allowed.')
  }
  if (path === 'control') return onControl(served, request, response)
  if (path === 'stream') return onStream(served, request, response)
  if (file) return answer(response, 200, file.type, file.body)
  answerText(response, 503, NOT_BUILT)
}
