import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { answer, answerMoved, answerText } from './answer.js'
import { onControl } from './control.js'
import { onExplain } from './explain.js'
import { onFleet } from './fleet.js'
import { answerHealth, answerMetrics } from './probes.js'
import { onSeek } from './seek.js'
import type { Served } from './served.js'
import { onStream } from './streams.js'
import { onSummary } from './summary.js'

type Route = (served: Served, request: IncomingMessage, response: ServerResponse) => void

const NOT_BUILT =
  'The page of the inspector has not been built. In its repository: npx -y pnpm@10 build'
const UNKNOWN_HOST = 'Unknown Host. Whoever runs this can give its name to the option allowedHosts.'
const UNKNOWN_ORIGIN =
  'Unknown Origin. Whoever runs this can give its name to the option allowedHosts.'

const READ = 'GET, HEAD'

/** What is done. */
const COMMANDS = new Map<string, Route>([
  ['control', onControl],
  ['seek', onSeek],
])

/** What is read beside the files of the page. */
const ROUTES = new Map<string, Route>([
  ['stream', onStream],
  ['summary', onSummary],
  ['explain', onExplain],
  ['fleet', onFleet],
  [
    'metrics',
    ({ probes, ...served }, _, response) => {
      if (probes.metrics) return answerMetrics(served, response)
      answerText(response, 404, 'Metrics are off. They need the option metrics: true.')
    },
  ],
  [
    'healthz',
    ({ probes, ...served }, _, response) => {
      if (probes.health) return answerHealth(served, response)
      answerText(response, 404, 'Health is off. It needs the option health: true.')
    },
  ],
])

/** Answers each request. A request that is refused learns nothing else. */
export const createRoutes =
  (served: Served): RequestListener =>
  (request, response) => {
    const { access } = served
    if (!access.allowsHost(request)) return answerText(response, 403, UNKNOWN_HOST)
    const { token, path } = readPath(request.url ?? '', access.basePath)
    if (!access.allowsToken(token)) return answerText(response, 404, 'Not found.')
    if (!access.allowsOrigin(request)) return answerText(response, 403, UNKNOWN_ORIGIN)
    access.known.add(request.socket)
    // Without the slash at its end the page would look for its parts in the wrong place. What a proxy puts before it is not known here.
    if (path === undefined) return answerMoved(response, `./${token}/`)
    route(served, path, request, response)
  }

/** `/TOKEN/PATH?…` below the base. No path: the slash after the token is missing. */
const readPath = (url: string, base: string): { token: string; path: string | undefined } => {
  if (!url.startsWith(base)) return { token: '', path: undefined }
  const [, token = '', path] = /^([^/?]*)(?:\/([^?]*))?(?:\?|$)/.exec(url.slice(base.length)) ?? []
  return { token, path }
}

const route = (
  served: Served,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const file = served.page.get(path)
  const command = COMMANDS.get(path)
  const found = command ?? ROUTES.get(path)
  if (!file && !found && path !== '') return answerText(response, 404, 'Not found.')
  const allowed = command ? 'POST' : READ
  if (!allowed.split(', ').includes(request.method ?? '')) {
    response.setHeader('Allow', allowed)
    return answerText(response, 405, 'Method not allowed.')
  }
  if (found) return found(served, request, response)
  if (file) return answer(response, 200, file.type, file.body)
  answerText(response, 503, NOT_BUILT)
}
