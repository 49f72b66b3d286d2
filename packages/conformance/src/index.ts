export {
  type ConformanceCase,
  type ConformanceOptions,
  conformance,
} from './conformance.js'
export type { Peer, Subject } from './subject.js'
export { type ContractWatch, type WatchOptions, watchContract } from './watch.js'
