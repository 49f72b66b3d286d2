import { createHub } from '@conn-hub/core'
import { flat, newKeys } from '../addresses.js'
import type { OpenDialer } from './dialer.js'
import { createLibp2p } from './libp2p.js'
import { memoryTransport, toMemoryAddress } from './memory-transport.js'

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
export const DIALERS: Readonly<Record<string, OpenDialer>> = { ours, [LIBP2P]: createLibp2p }
