import type { Change, ConnectionEvent, Hub } from '@conn-hub/core'
import type { Meter } from '@opentelemetry/api'
import { createNamed, memo } from './attributes.js'
import { Connections } from './connections.js'
import { Dials } from './dials.js'
import { doAll } from './do-all.js'
import { newsSince } from './news.js'
import { Sessions } from './sessions.js'
import type { Step } from './step.js'
import { createKinds, ORIGINS, originOf, WHYS_OF_THE_HUB, whyOf } from './words.js'

/** In ms: how often what goes over the sessions is summed, which asks each of them. */
const SUM_EVERY = 10_000

/** Counts by what the hub tells. Gives what ends it. */
export const measure = (hub: Hub<unknown>, meter: Meter, name: string): (() => void) => {
  const named = createNamed(name)
  const kindOf = createKinds()
  const connections = new Connections(meter, named, kindOf)
  const dials = new Dials(meter, named)
  const sessions = new Sessions(meter, named, kindOf)
  const refused = countRefused(meter, named)
  const errors = countErrors(meter, named)

  const snapshot = hub.snapshot()
  const isNews = newsSince(snapshot)
  for (const entry of snapshot) {
    connections.begin(entry)
    dials.begin(entry)
    for (const session of entry.sessions) {
      sessions.opened(session, session.direction, entry)
    }
  }

  // The event of a step comes right before its change.
  let event: ConnectionEvent<unknown> | undefined
  const onChange = (change: Change<unknown>) => {
    const step = toStep(change, event)
    event = undefined
    if (!isNews(change)) return
    connections.step(step)
    dials.step(step)
  }
  const stops = [
    hub.on('*', (told) => {
      event = told
    }),
    hub.on('change', onChange),
    hub.on('session', ({ session, direction, address }) =>
      sessions.opened(session, direction, { address, kind: hub.get(address)?.kind }),
    ),
    hub.on('session-closed', ({ session }) => sessions.closed(session)),
    hub.on('refused', ({ why }) => refused(why)),
    hub.on('error', ({ from }) => errors(from.origin)),
  ]
  const sum = [() => connections.mend(hub), () => dials.mend(hub), () => sessions.sum(hub)]
  const summing = setInterval(doAll, SUM_EVERY, sum)
  unref(summing)
  return () => {
    clearInterval(summing)
    doAll([...stops, () => connections.end(), () => dials.end(), () => sessions.end()])
  }
}

type Named = ReturnType<typeof createNamed>

/** Those of the hub begin with 0, so that the first one shows as a rise. */
const countRefused = (meter: Meter, named: Named): ((why: string) => void) => {
  const counter = meter.createCounter('conn_hub.refused', {
    description: 'Sessions and dials that were turned away.',
    unit: '{refusal}',
  })
  const attributes = memo((why: string) => named({ 'conn_hub.refused.why': why }))
  for (const why of WHYS_OF_THE_HUB) counter.add(0, attributes(why))
  return (why) => counter.add(1, attributes(whyOf(why)))
}

const countErrors = (meter: Meter, named: Named): ((origin: string) => void) => {
  const counter = meter.createCounter('conn_hub.errors', {
    description: 'Errors that nobody waited for, by whose code failed.',
    unit: '{error}',
  })
  const attributes = memo((origin: string) => named({ 'conn_hub.error.origin': origin }))
  for (const origin of ORIGINS) counter.add(0, attributes(origin))
  return (origin) => counter.add(1, attributes(originOf(origin)))
}

const toStep = (
  { before, after }: Change<unknown>,
  told: ConnectionEvent<unknown> | undefined,
): Step => {
  const address = (after ?? before)?.address
  // Where the stack was full, this was not called for the change of that event.
  const event = told?.address === address ? told : undefined
  return { before, after, event, at: event?.at ?? after?.updatedAt ?? Date.now() }
}

/** In Node a timer keeps the process alive; in browsers it is a number. */
const unref = (timer: unknown): void => {
  ;(timer as { unref?: () => void }).unref?.()
}
