import type { Connection } from '@conn-hub/core'
import type { Engine } from './engine.js'

/** What `publish` may give: JSON, nothing, or `false` for an entry that the others shall not see. */
export type Published<P> = P | undefined | false

/**
 * What `joinFleet()` is given.
 *
 * @typeParam P What `publish` gives.
 */
export interface FleetOptions<S = unknown, P = unknown> {
  /** Where the machines meet. Default `memoryEngine()`: this machine alone, or those that are given the same one. */
  readonly engine?: Engine | undefined
  /** The name of this machine, 1 to 128 characters. Default: one by chance, for each call another one. */
  readonly machine?: string | undefined
  /**
   * In ms, from 500 to 3 600 000: how long the others believe in a machine that says nothing. Default 15 000: a restart of Redis or a
   * pause of a minute's tenth passes unseen, and a ghost does not outlast a user's patience.
   */
  readonly lease?: number | undefined
  /** In ms, from 1 to 1 000: so long changes are gathered before they are written. Default 20: nobody sees it, and a burst is one write. */
  readonly batch?: number | undefined
  /**
   * In ms, from 10 to 60 000: so often what others have written is read. Default 200: the polls of 100 machines cost Redis some 4 % of a core. `'block'`
   * hears at once, over a connection of its own, and is for some ten machines.
   */
  readonly poll?: number | 'block' | undefined
  /** Whether this machine keeps the view of all, so that it can answer at once. Default true. False: `find()` asks the engine each time. */
  readonly follow?: boolean | undefined
  /**
   * What the others see of an entry beside key, kind, direction and since. It must be JSON of at most 4,096 characters. Default: nothing.
   *
   * @example
   * joinFleet(hub, { publish: ({ data }) => (data.secret ? false : { name: data.name }) })
   */
  readonly publish?: ((entry: Connection<S>) => Published<P>) | undefined
}
