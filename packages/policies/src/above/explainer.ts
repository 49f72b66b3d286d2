import { type Address, type Connection, type Hub, type PeerKey, printable } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Explanation, ExplanationSource } from '../model/policy.js'
import { ignore, textOf } from '../parts/errors.js'
import {
  checkHub,
  checkNames,
  clockOf,
  expect,
  isFunction,
  isObject,
  isThenable,
} from '../parts/options.js'
import { toTime } from '../parts/time.js'
import { Memory, type Remembered } from './memory.js'

/** What `createExplainer()` gives. */
export interface Explainer {
  /** Why an address is as it is: first the hub's words, then those of the sources, then what was told of it before. Also for one without an entry. */
  explain(address: Address): readonly Explanation[]
  /** Forgets everything, and listens no more. The end of the hub does it, too. */
  close(): void
}

/**
 * Says in sentences why a connection is as it is, waits, or is not there. It reads the entries, hears what was refused and what failed
 * (of 1,000 addresses, for 10 minutes, at most), and asks its sources.
 *
 * @param sources Policies, `prune()`, a keeper, or functions of your own.
 *
 * @example
 * const dials = limitDials({ parallel: 8 })
 * const hub = createHub({ transport: compose(transport, dials) })
 * const explainer = createExplainer(hub, [dials])
 * for (const { by, text } of explainer.explain('mem:bob')) console.log(`${by}: ${text}`)
 */
export const createExplainer = <S>(
  hub: Hub<S>,
  sources: readonly (ExplanationSource | Explaining)[] = [],
  options: { readonly clock?: Clock | undefined } = {},
): Explainer => {
  checkHub(hub)
  checkNames(options, ['clock'])
  const asked = readSources(sources)
  const time = toTime(clockOf(options))
  const memory = new Memory(time)
  const tell = (address: Address | undefined, told: Remembered) => {
    if (address !== undefined) memory.add(address, told)
  }
  const stops = [
    hub.on('refused', ({ by, why, address }) => {
      tell(address, { refused: { by, text: `refused by ${by}: ${why}`, at: time.now() } })
    }),
    hub.on('connecting-failed', ({ address, at, error }) => {
      tell(address, { ended: { by: 'hub', text: `failed: ${textOf(error)}`, at } })
    }),
    hub.on('disconnected', ({ address, at, reason, initiator }) => {
      const text = `ended: ${reason}, ${initiator === 'local' ? 'by us' : 'by the other side'}`
      tell(address, { ended: { by: 'hub', text, at } })
    }),
    hub.on('error', ({ error, from }) => {
      const text = `an error of the ${from.origin} in ${from.call}: ${textOf(error)}`
      tell(from.address, { error: { by: from.origin, text, at: time.now() } })
    }),
    hub.on('close', () => close()),
  ]
  const close = () => {
    for (const stop of stops) stop()
    memory.clear()
  }
  return {
    explain: (address) => {
      const entry = hub.get(address)
      const said = asked.flatMap((ask) => askSource(ask, address, entry?.key))
      const { refused, ended, error } = memory.get(address) ?? {}
      const told = [refused, ended, error].filter((each) => each !== undefined)
      return [stateOf(entry), ...said, ...told].map((each) => ({
        ...each,
        text: printable(each.text),
      }))
    },
    close,
  }
}

const readSources = (sources: readonly (ExplanationSource | Explaining)[]): ExplanationSource[] => {
  expect(Array.isArray(sources), 'a list', 'sources')
  return sources.map((source) => {
    if (typeof source === 'function') return source
    const fits = isFunction((source as Explaining | undefined)?.explain)
    expect(fits, 'functions, or objects with explain()', 'sources')
    // An object of a class of the app's own needs its `this`.
    return (address, key) => source.explain(address, key)
  })
}

/** A source that fails must not keep the others from being heard. */
const askSource = (
  ask: ExplanationSource,
  address: Address,
  key: PeerKey | undefined,
): readonly Explanation[] => {
  try {
    const said: unknown = ask(address, key)
    if (isThenable(said)) said.then(undefined, ignore)
    if (!Array.isArray(said)) throw notAList()
    return said.map(readExplanation)
  } catch (error) {
    return [{ by: 'explainer', text: `a source failed: ${textOf(error)}` }]
  }
}

const notAList = () => new TypeError('it must give a list of { by, text }, and now')

const readExplanation = (said: unknown): Explanation => {
  if (!isObject(said)) throw notAList()
  const { by, text, until, at, nextAt } = said
  if (typeof by !== 'string' || typeof text !== 'string') throw notAList()
  return { by: printable(by), text, until: timeOf(until), at: timeOf(at), nextAt: timeOf(nextAt) }
}

const timeOf = (given: unknown): number | undefined =>
  Number.isFinite(given) ? (given as number) : undefined

const stateOf = <S>(entry: Connection<S> | undefined): Explanation => {
  const by = 'hub'
  if (!entry) return { by, text: 'not connected' }
  const { state, since: at } = entry
  if (state === 'connecting') {
    const text = entry.waits === undefined ? 'connecting' : `waits for ${entry.waits}`
    return { by, text, at }
  }
  if (state === 'disconnecting') return { by, text: `disconnecting: ${entry.reason}`, at }
  const { length } = entry.sessions
  return { by, text: length === 1 ? 'connected' : `connected by ${length} sessions`, at }
}
