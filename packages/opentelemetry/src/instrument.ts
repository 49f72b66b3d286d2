import type { Hub } from '@conn-hub/core'
import { doAll } from './do-all.js'
import { measure } from './metrics.js'
import { checkHub, type InstrumentOptions, readOptions } from './options.js'
import { trace } from './spans.js'

/**
 * Measures a hub, and makes a span for each of its dials, until what it returns is called, or the hub closes. What is off is not even listened
 * for: no provider was given, and the app had registered no global one before. Throws `INVALID_OPTION`, or `HUB_CLOSED`.
 *
 * @example
 * const stop = instrument(hub, { name: 'chat' })
 */
export const instrument = <S>(hub: Hub<S>, options: InstrumentOptions): (() => void) => {
  checkHub(hub)
  const { name, meter, tracer } = readOptions(options)
  if (!meter && !tracer) return () => {}
  // A listener of sessions reads what is the same for all of them.
  const any = hub as Hub<unknown>
  let ends: (() => void)[] = []
  const end = () => {
    const ending = ends
    ends = []
    doAll(ending)
  }
  if (meter) ends.push(measure(any, meter, name))
  if (tracer) ends.push(trace(any, tracer, name))
  ends.push(hub.on('close', end))
  return end
}
