import type { Session } from '@conn-hub/core'
import type { Keeper, Kept } from '@conn-hub/keeper'
import type { Running } from './peer.js'

type Own = Pick<Session<unknown>, 'direction' | 'key'>

/** What is not as it is said; nothing, where all is. */
export const faultOf = (running: Running): string | undefined =>
  limitsOf(running) ?? intentsOf(running) ?? dialsOf(running)

const limitsOf = ({ hub, limits, has, sessions, dials, flood, passed, whenFull }: Running) => {
  const entries = hub.snapshot()
  const table = entries.flatMap((entry): readonly Own[] => entry.sessions)
  const of = (direction: string) => table.filter((each) => each.direction === direction).length
  const [inbound, outbound] = [of('inbound'), of('outbound')]
  if (has('limitSessions')) {
    if (inbound > limits.inbound) return `${inbound} of ${limits.inbound} inbound`
    if (outbound > limits.outbound) return `${outbound} of ${limits.outbound} outbound`
    for (const { key } of table) {
      const its = key === undefined ? 0 : table.filter((each) => each.key === key).length
      if (its > limits.perKey) return `${its} of ${limits.perKey} with ${key}`
    }
    if (!hub.closed && sessions.outbound !== outbound + passed.sessions.size)
      return `outbound says ${sessions.outbound}, and there are ${outbound} and ${passed.sessions.size} dials`
    const isOff = whenFull === 'refuse' ? sessions.inbound !== inbound : sessions.inbound < inbound
    if (!hub.closed && isOff) return `inbound says ${sessions.inbound}, and there are ${inbound}`
  }
  if (has('limitDials')) {
    const { running, waiting } = dials
    if (running > limits.parallel) return `${running} dials run`
    if (waiting > 0 && running < limits.parallel) return `${waiting} wait, and ${running} run`
    if (running + waiting !== passed.dials.size)
      return `${running} and ${waiting} dials are said, and there are ${passed.dials.size}`
  }
  if (!has('limitInbound')) return
  for (const { address, sessions } of entries) {
    const its = (sessions as readonly Own[]).filter(({ direction }) => direction === 'inbound')
    if (its.length > limits.concurrent) return `${its.length} from ${address}`
    if (flood.open(address) < its.length) return `flood says ${flood.open(address)} of ${address}`
  }
}

const intentsOf = (running: Running): string | undefined => {
  for (const [intent, keeper] of running.kept) {
    const fault = intent.state === 'released' ? undefined : intentOf(running, intent, keeper)
    if (fault !== undefined) return `${say(intent)}, and ${fault}`
  }
}

const intentOf = ({ hub, paused, online }: Running, intent: Kept, keeper: Keeper) => {
  const { state, nextAt, key, addresses } = intent
  if (hub.closed) return 'the hub is closed'
  const entries = key === undefined ? [hub.get(addresses[0] ?? '')] : hub.byKey(key)
  const open = entries.flatMap((entry): readonly Own[] => entry?.sessions ?? [])
  const isOpen = open.some((session) => key === undefined || session.key === key)
  if (isOpen) return state === 'connected' && nextAt === undefined ? undefined : 'open'
  // By address another link of the same key may do.
  if (state === 'connected') return key === undefined && !nextAt ? undefined : 'not open'
  const states = addresses.map((address) => hub.getState(address))
  // A dial may wait until what is there has closed.
  if (state === 'connecting') return states.some((each) => each) ? undefined : 'nobody dials'
  if (states.includes('connecting')) return 'is dialed'
  if (state === 'paused') return nextAt === undefined ? undefined : 'has a time'
  if (paused.has(keeper)) return 'the keeper is paused'
  if (nextAt === undefined && online.get()) return 'has no time'
}

/** Whoever is dialed is wanted by somebody. */
const dialsOf = ({ hub, kept, paused, pending }: Running): string | undefined => {
  for (const { address, state } of hub.snapshot()) {
    if (state !== 'connecting' || [...pending.values()].includes(address)) continue
    const isKept = [...kept].some(
      ([intent, keeper]) =>
        intent.addresses.includes(address) && intent.state === 'connecting' && !paused.has(keeper),
    )
    if (!isKept) return `${address} is dialed, and nobody wants it`
  }
}

const say = ({ state, key, addresses }: Kept) => `${key ?? ''} ${addresses} is ${state}`

const WAITS: Record<string, string> = {
  'a free place among the dials': 'limitDials',
  'the answer of a gate': 'gate',
  'room for one more session': 'limitSessions',
}

/** What is said of an address, against what there is. */
export const wordsOf = ({ hub, explainer, kept, names }: Running): string | undefined => {
  for (const entry of hub.snapshot()) {
    const { address, state, sessions } = entry
    const waits = entry.state === 'connecting' ? entry.waits : undefined
    const said = explainer.explain(address)
    const [first] = said
    const text = first?.text ?? ''
    if (!text.startsWith(waits === undefined ? state : 'waits for'))
      return `${address} is ${state}, and "${text}" is said`
    if (state === 'connected' && sessions.length > 1 && !text.includes(`${sessions.length}`))
      return `${address} has ${sessions.length}, and "${text}" is said`
    const by = waits === undefined ? undefined : WAITS[waits]
    if (waits !== undefined && !said.some((each) => each.by === by))
      return `${address} waits for ${waits}, and ${by} says nothing`
    if (said.some((each) => each.by === 'explainer'))
      return `a source failed: ${JSON.stringify(said)}`
  }
  for (const address of ['bad', ...names.map((name) => `mem:${name}`)]) {
    if (hub.get(address)) continue
    const waits = explainer
      .explain(address)
      .find(({ by, text }) => by !== 'keeper' && /^(the dial )?waits/.test(text))
    if (waits) return `${address} has no entry, and "${waits.text}" is said`
  }
  for (const { state, addresses } of kept.keys()) {
    if (state === 'released') continue
    const said = explainer.explain(addresses[0] ?? '').filter(({ by }) => by === 'keeper')
    if (said.length === 0) return `nothing is said of ${addresses[0]}`
  }
}
