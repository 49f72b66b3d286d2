export {
  type EngineCase,
  type EngineConformanceOptions,
  engineConformance,
} from './conformance.js'
export type { EngineSubject } from './trial.js'
