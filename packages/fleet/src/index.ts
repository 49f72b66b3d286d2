export type { IoRedisLike, NodeRedisLike } from './engines/clients.js'
export { memoryEngine } from './engines/memory.js'
export { type RedisEngineOptions, redisEngine } from './engines/redis.js'
export { joinFleet } from './fleet.js'
export type { Batch, Changes, ChangesRequest, Engine, Found, Renewal } from './model/engine.js'
export { FleetError, type FleetErrorCode } from './model/errors.js'
export type {
  Fleet,
  FleetChanges,
  FleetEntry,
  FleetEvents,
  FleetIterator,
  FleetState,
  Machine,
  SignalOptions,
} from './model/fleet.js'
export type { FleetOptions, Published } from './model/options.js'
