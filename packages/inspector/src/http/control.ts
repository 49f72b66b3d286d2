import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hub } from '@conn-hub/core'
import { toPlainError } from '../plain/event.js'
import type { ControlAnswer, ControlRequest } from '../protocol.js'
import { obey, refuse } from './command.js'
import type { Served } from './served.js'

/** The reason that events carry. */
const REASON = 'inspector'

/** Connects, disconnects and resets, where it may. */
export const onControl = (
  { hub, allowControl, pending }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (!allowControl) {
    return refuse(response, 403, 'CONTROL_OFF', 'Control is off. It needs allowControl: true.')
  }
  obey(pending, request, response, {
    read: readRequest,
    run: (asked) => run(hub, asked),
    example: '{ "do": "connect", "address": "…" }',
  })
}

const readRequest = (asked: Readonly<Record<string, unknown>>): ControlRequest | undefined => {
  if (asked.do === 'reset') return { do: 'reset' }
  if (asked.do !== 'connect' && asked.do !== 'disconnect') return undefined
  return typeof asked.address === 'string' ? { do: asked.do, address: asked.address } : undefined
}

const run = async (hub: Hub<unknown>, asked: ControlRequest): Promise<ControlAnswer> => {
  try {
    if (asked.do === 'connect') await hub.connect(asked.address)
    else if (asked.do === 'disconnect') await hub.disconnect(asked.address, { reason: REASON })
    else await hub.reset(REASON)
    return { ok: true }
  } catch (error) {
    const { code = 'FAILED', message } = toPlainError(error)
    return { ok: false, code, message }
  }
}
