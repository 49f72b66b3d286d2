export type {
  LinkState,
  Liveness,
  LivenessOptions,
  ProbeOptions,
  ProbeResult,
  WatchedLink,
} from '../model/liveness.js'
export { probe } from './probe.js'
export { watchLiveness } from './watch.js'
