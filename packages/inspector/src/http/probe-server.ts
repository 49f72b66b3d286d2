import type { RequestListener } from 'node:http'
import { answerText } from './answer.js'
import { answerHealth, answerMetrics } from './probes.js'
import type { Served } from './served.js'
import { createGuardedServer, type GuardedServer } from './server.js'

/** Answers `/metrics` and `/healthz` and nothing else, without a token: what they say is no secret of a peer. */
export const createProbeServer = (
  served: Pick<Served, 'hub' | 'journal' | 'access' | 'probes'>,
): GuardedServer => {
  const routes: RequestListener = (request, response) => {
    const { access, probes } = served
    // A site that rebinds its name to this machine must not count our peers.
    if (!access.allowsHost(request)) return answerText(response, 403, 'Unknown Host.')
    if (!access.allowsOrigin(request)) return answerText(response, 403, 'Unknown Origin.')
    const [path] = (request.url ?? '').split('?')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead && path === '/metrics' && probes.metrics) return answerMetrics(served, response)
    if (isRead && path === '/healthz' && probes.health) return answerHealth(served, response)
    answerText(response, 404, 'Not found.')
  }
  return createGuardedServer(routes, false, () => false)
}
