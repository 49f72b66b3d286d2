import { createHub } from '@conn-hub/core'
import { flat, newKeys } from '../addresses.js'
import { createHyperswarm } from './hyperswarm.js'
import { createLibp2p } from './libp2p.js'
import { memoryTransport, toMemoryAddress } from './memory-transport.js'

/** Dials and closes links inside the process, which the transport below opens at once. */
export interface Dialer {
  /** So many peers that nobody has dialed, ready to be dialed. */
  prepare(peers: number): Promise<readonly unknown[]>
  dial(peer: unknown): Promise<unknown>
  close(peer: unknown): Promise<unknown>
  /** How many links are open. */
  open(): number
  end(): Promise<void>
}

export type OpenDialer = () => Promise<Dialer>

const ours: OpenDialer = async () => {
  const hub = createHub({ transport: memoryTransport })
  return {
    prepare: async (peers) => newKeys(peers).map((key) => flat(toMemoryAddress(key))),
    dial: (address) => hub.connect(address as string),
    close: (address) => hub.disconnect(address as string),
    open: () => hub.size,
    end: () => hub.close(),
  }
}

export const LIBP2P = 'libp2p 3.3.11'
export const HYPERSWARM = 'hyperswarm 4.17.2'

export const DIALERS: Record<string, OpenDialer> = {
  ours,
  [LIBP2P]: createLibp2p,
  [HYPERSWARM]: createHyperswarm,
}
