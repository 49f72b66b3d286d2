export { createDrain, type Draining } from './above/drain.js'
export type { DrainOptions, DrainProgress } from './above/drain-run.js'
export { createExplainer, type Explainer } from './above/explainer.js'
export { createProtection, type Protection } from './above/protection.js'
export { type PruneOptions, type Pruning, prune } from './above/prune.js'
export { compose } from './compose.js'
export { type DialLimit, type LimitDialsOptions, limitDials } from './dials/limit-dials.js'
export { type GateOptions, gate } from './gate/gate.js'
export type { GateAnswer, GateFunction, GateQuestion } from './gate/questions.js'
export type { Clock } from './model/clock.js'
export type { Explaining, Explanation, ExplanationSource, Policy } from './model/policy.js'
export type { PolicyCode } from './parts/errors.js'
export { type GroupBy, type IpPrefixOptions, ipPrefix } from './sessions/ip-prefix.js'
export {
  type InboundLimit,
  type LimitInboundOptions,
  limitInbound,
} from './sessions/limit-inbound.js'
export {
  type LimitSessionsOptions,
  limitSessions,
  type SessionLimit,
} from './sessions/limit-sessions.js'
export { type OnePerPeerOptions, onePerPeer } from './sessions/one-per-peer.js'
