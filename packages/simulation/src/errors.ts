import { HubError } from '@conn-hub/core'

export const worldOver = (): HubError =>
  new HubError('WORLD_OVER', 'This world is over. Await all that the scenario does.')

export const peerDown = (name: string): HubError =>
  new HubError('PEER_DOWN', `The peer "${name}" has crashed. Wait for its restart().`)
