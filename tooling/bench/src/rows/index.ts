import type { Row } from '../row.js'
import { bus } from './bus.js'
import { changesRow } from './changes.js'
import { dial } from './dial.js'
import { dropIn } from './drop-in.js'
import { growth } from './growth.js'
import { heap } from './heap.js'
import { hubBus } from './hub-bus.js'
import { iterator } from './iterator.js'
import { pullSource } from './pull-source.js'
import { reader } from './reader.js'
import { realSbots } from './real-sbots.js'
import { sizes } from './sizes.js'
import { stalled } from './stalled.js'
import { subscriptions } from './subscriptions.js'

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  dropIn,
  growth,
  reader,
  stalled,
  changesRow,
  subscriptions,
  dial,
  bus,
  hubBus,
  iterator,
  pullSource,
  heap,
  realSbots,
  sizes,
]
