import type { Row } from '../row.js'
import { bus } from './bus.js'
import { crowds } from './crowds.js'
import { cycle } from './cycle.js'
import { dial } from './dial.js'
import { growth } from './growth.js'
import { heap } from './heap.js'
import { iterator } from './iterator.js'
import { pull } from './pull.js'
import { realSbots } from './real-sbots.js'
import { sizes } from './sizes.js'
import { update } from './update.js'
import { websocket } from './websocket.js'

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  cycle,
  update,
  growth,
  dial,
  bus,
  iterator,
  pull,
  heap,
  realSbots,
  websocket,
  sizes,
  crowds,
]
