import type { ServerResponse } from 'node:http'
import { toMetrics } from '../plain/metrics.js'
import { answer, answerJson } from './answer.js'
import type { Served } from './served.js'

type Probed = Pick<Served, 'hub' | 'journal'>

export const answerMetrics = ({ hub, journal }: Probed, response: ServerResponse): void =>
  answer(response, 200, 'text/plain; version=0.0.4; charset=utf-8', toMetrics(hub, journal.kept))

/** 503: the hub has closed, and whoever watches should start the app anew. */
export const answerHealth = ({ journal: { closedAt } }: Probed, response: ServerResponse): void =>
  closedAt === undefined
    ? answerJson(response, 200, { status: 'ok' })
    : answerJson(response, 503, { status: 'closed', closedAt })
