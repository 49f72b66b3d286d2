import type { ConnectionEvent } from '@conn-hub/core'
import type { Rpc, RpcSession } from '@conn-hub/secret-stack'
import { toOriginal } from './errors.js'
import type { FurtherSession } from './further-sessions.js'
import type { ListenEvent } from './types.js'

/** The label is a key that a caller gave, where the address names none. */
export const toListenEvent = <R extends Rpc>(
  event: ConnectionEvent<R> | FurtherSession<R>,
  label: string | undefined,
): ListenEvent => {
  const { type, address, key: known } = event
  const key = label ?? known
  switch (event.type) {
    case 'connected': {
      const { handle: rpc, isClient } = event.session as RpcSession<R>
      return { type, address, key, details: isClient === undefined ? { rpc } : { rpc, isClient } }
    }
    case 'connecting-failed':
    case 'disconnecting-failed':
      return { type, address, key, details: toOriginal(event.error) }
    default:
      return { type, address, key }
  }
}
