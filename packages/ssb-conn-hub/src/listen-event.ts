import type { Hub, HubEvents, Listenable } from '@conn-hub/core'
import { listen, type Source } from '@conn-hub/pull-stream'
import type { Rpc, RpcSession } from '@conn-hub/secret-stack'
import { toOriginal } from './errors.js'
import type { KeyLabels } from './key-labels.js'
import { onToldEvent, type ToldEvent } from './told-events.js'
import type { ListenEvent } from './types.js'

type Events = Pick<HubEvents<never>, 'close'> & { '*': ListenEvent }

/** Every event from now on, made when it happens: what the entry is when a slow reader comes is not what it was. */
export const listenTo = <R extends Rpc>(hub: Hub<R>, labels: KeyLabels): Source<ListenEvent> => {
  const told = {
    get closed() {
      return hub.closed
    },
    snapshot: hub.snapshot,
    on: <T extends keyof Events>(type: T, listener: (event: Events[T]) => unknown) =>
      type === 'close'
        ? hub.on('close', listener as () => unknown)
        : onToldEvent(hub, (event) =>
            listener(toListenEvent(event, labels.of(event.address)) as Events[T]),
          ),
  }
  // The facade hands on whatever `'*'` gives.
  return listen(told as unknown as Listenable<R>) as unknown as Source<ListenEvent>
}

/** The label is a key that a caller gave, where the address names none. */
const toListenEvent = <R extends Rpc>(
  event: ToldEvent<R>,
  label: string | undefined,
): ListenEvent => {
  const { type, address } = event
  const key = label ?? event.key
  switch (type) {
    case 'session': {
      // The transport of the drop-in is the adapter, which hands over nothing else.
      const { handle: rpc, isClient } = event.session as RpcSession<R>
      const details = isClient === undefined ? { rpc } : { rpc, isClient }
      return { type: 'connected', address, key, details }
    }
    case 'connecting-failed':
    case 'disconnecting-failed':
      return { type, address, key, details: toOriginal(event.error) }
    default:
      return { type, address, key }
  }
}
