export {
  type ConformanceCase,
  type ConformanceOptions,
  conformance,
} from './conformance.js'
export type { MemoryLink } from './memory/link.js'
export {
  createMemoryNetwork,
  type MemoryEndpoint,
  type MemoryInbound,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from './memory/network.js'
export type { Clock, Packet, PacketKind } from './memory/wire.js'
export type { DialingPeer, ListeningPeer, Peer, Subject } from './subject.js'
export { type ContractWatch, type WatchOptions, watchContract } from './watch.js'
