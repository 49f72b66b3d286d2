import { loadPeer } from '../peers.js'
import type { OpenDialer } from './dialer.js'

// As much of libp2p's types as is used.
interface PeerId {
  toString(): string
}
interface Multiaddr {
  getComponents(): { name: string; value?: string }[]
}
interface Listener {
  listen(address: Multiaddr): Promise<void>
  close(): Promise<void>
}
interface MemoryTransport {
  dial(address: Multiaddr, options: unknown): Promise<unknown>
  createListener(options: unknown): Listener
}
type CreateTransport = (components: { peerId: PeerId }) => MemoryTransport
interface Node {
  dial(address: Multiaddr): Promise<unknown>
  hangUp(peer: PeerId): Promise<void>
  getConnections(): unknown[]
  stop(): Promise<void>
}
interface Loaded {
  createLibp2p(options: unknown): Promise<Node>
  memory(options?: unknown): CreateTransport
  multiaddr(text: string): Multiaddr
  generateKeyPair(type: 'Ed25519'): Promise<unknown>
  peerIdFromPrivateKey(key: unknown): PeerId
  peerIdFromString(text: string): PeerId
}

const PACKAGES = [
  'libp2p',
  '@libp2p/memory',
  '@multiformats/multiaddr',
  '@libp2p/crypto/keys',
  '@libp2p/peer-id',
]

interface Peer {
  readonly id: PeerId
  readonly address: Multiaddr
}

/** Higher than anything here: the limits are not what is measured. */
const NO_LIMITS = {
  maxConnections: 1e6,
  maxParallelDials: 1e6,
  maxDialQueueLength: 1e6,
  maxIncomingPendingConnections: 1e6,
  inboundConnectionThreshold: 1e6,
}

/**
 * A node with the memory transport, without encryption and without a muxer: those are not the work of a connection
 * manager. At the other ends there is no node, only what a link needs.
 */
export const createLibp2p: OpenDialer = async () => {
  const libp2p: Loaded = Object.assign({}, ...(await Promise.all(PACKAGES.map(loadPeer))))
  const { memory, multiaddr } = libp2p
  const listeners: Listener[] = []
  const node = await libp2p.createLibp2p({
    transports: [plainMemory(libp2p)],
    connectionManager: NO_LIMITS,
    // It pings every link after 10 seconds, and closes those where nobody answers.
    connectionMonitor: { enabled: false },
  })

  const startPeer = async (): Promise<Peer> => {
    const id = libp2p.peerIdFromPrivateKey(await libp2p.generateKeyPair('Ed25519'))
    const place = multiaddr(`/memory/${id}`)
    const components = { peerId: id, logger: silent }
    const listener = memory()(components).createListener({ upgrader: noUpgrader })
    await listener.listen(place)
    listeners.push(listener)
    return { id, address: multiaddr(`/memory/${id}/p2p/${id}`) }
  }

  return {
    prepare: (peers) => Promise.all(Array.from({ length: peers }, startPeer)),
    dial: (peer) => node.dial((peer as Peer).address),
    close: (peer) => node.hangUp((peer as Peer).id),
    open: () => node.getConnections().length,
    end: async () => {
      await Promise.all(listeners.map((listener) => listener.close()))
      await node.stop()
    },
  }
}

/** The memory transport takes the peer of an unencrypted link from its settings: so each dial has settings of its own. */
const plainMemory =
  ({ memory, peerIdFromString }: Loaded): CreateTransport =>
  (components) => {
    const transport = memory()(components)
    transport.dial = (address, options) => {
      const id = address.getComponents().find(({ name }) => name === 'p2p')?.value ?? ''
      const upgraderOptions = { skipEncryption: true, remotePeer: peerIdFromString(id) }
      return memory({ upgraderOptions })(components).dial(address, options)
    }
    return transport
  }

const noUpgrader = { upgradeInbound: async () => {} }

const log = Object.assign(() => {}, {
  error: () => {},
  trace: () => {},
  enabled: false,
  newScope: () => log,
})
const silent = { forComponent: () => log }
