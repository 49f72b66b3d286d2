import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { newKeys } from '../addresses.js'
import { loadPeer } from '../peers.js'
import type { OpenDialer } from './dialers.js'

/** What hyperswarm uses of a connection. */
class Stream extends EventEmitter {
  readonly remotePublicKey: Buffer

  constructor(remotePublicKey: Buffer) {
    super()
    this.remotePublicKey = remotePublicKey
    queueMicrotask(() => this.emit('open'))
  }

  destroy(): void {
    this.emit('close')
  }
}

/** Its network, replaced by one inside the process. */
const createDht = () =>
  Object.assign(new EventEmitter(), {
    createServer: () => Object.assign(new EventEmitter(), { close: async () => {} }),
    connect: (publicKey: Buffer) => new Stream(publicKey),
    destroy: async () => {},
  })

interface Swarm extends EventEmitter {
  readonly connections: ReadonlySet<Stream>
  joinPeer(publicKey: Buffer): void
  leavePeer(publicKey: Buffer): void
  destroy(): Promise<void>
}

type Loaded = {
  default: new (options: { dht: unknown; maxPeers: number; maxParallel: number }) => Swarm
}

export const createHyperswarm: OpenDialer = async () => {
  const { default: Hyperswarm } = await loadPeer<Loaded>('hyperswarm')
  const swarm = new Hyperswarm({ dht: createDht(), maxPeers: Infinity, maxParallel: Infinity })
  const waiting = new Map<Buffer, (stream: Stream) => void>()
  const streams = new Map<Buffer, Stream>()
  swarm.on('connection', (stream: Stream) => {
    streams.set(stream.remotePublicKey, stream)
    waiting.get(stream.remotePublicKey)?.(stream)
    waiting.delete(stream.remotePublicKey)
  })
  return {
    prepare: async (peers) =>
      newKeys(peers).map((key) => createHash('sha256').update(key).digest()),
    dial: (peer) =>
      new Promise((resolve) => {
        waiting.set(peer as Buffer, resolve)
        swarm.joinPeer(peer as Buffer)
      }),
    close: async (peer) => {
      swarm.leavePeer(peer as Buffer)
      streams.get(peer as Buffer)?.destroy()
      streams.delete(peer as Buffer)
    },
    open: () => swarm.connections.size,
    end: () => swarm.destroy(),
  }
}
