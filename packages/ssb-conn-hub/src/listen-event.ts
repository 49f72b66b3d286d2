import type { Rpc, RpcSession } from '@conn-hub/secret-stack'
import { toOriginal } from './errors.js'
import type { ToldEvent } from './told-hub.js'
import type { ListenEvent } from './types.js'

export const toListenEvent = <R extends Rpc>(event: ToldEvent<R>): ListenEvent => {
  const { type, address, key } = event
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
