export { createKeeper } from './keep/keeper.js'
export type {
  Backoff,
  Explanation,
  Keeper,
  KeeperOptions,
  KeepOptions,
  Kept,
  KeptState,
  KeyTarget,
} from './model/keeper.js'
export type { Clock, Online } from './model/time.js'
