export {
  type EngineCase,
  type EngineConformanceOptions,
  type EngineSubject,
  engineConformance,
} from './conformance.js'
