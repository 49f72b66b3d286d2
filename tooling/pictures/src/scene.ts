import { createHub, type Hub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { type Address, addressAt } from './addresses.js'
import { createRandom } from './random.js'

const NAMES = ['anna', 'bo', 'chika', 'dmitri', 'elif', 'farid', 'grace', 'hugo', 'ines', 'jun']
const FAILURES = ['connection refused', 'no route to host', 'the handshake failed', 'no answer']
/** In ms: nothing is over while one looks. */
const HOUR = 3_600_000

export interface Scene {
  readonly hub: Hub<FaultSession>
  /** A quarter of an hour of comings and goings, as if it had really passed. */
  play(): void
  /** What happens while one looks: some leave, some dials fail. */
  goOn(): void
  end(): Promise<void>
}

/** A hub that will have so many entries. */
export const createScene = (entries: number): Scene => {
  const { random, pick } = createRandom()
  const known = new Map<string, Address>()
  const transport = createFaultTransport({ keyOf: (address) => known.get(address)?.key })
  transport.describe = (address) => known.get(address) ?? {}
  const hub = createHub({ transport, dialTimeout: HOUR, closeTimeout: HOUR, onError: () => {} })

  const newAddress = (): string => {
    const made = addressAt(known.size, pick)
    known.set(made.address, made)
    return made.address
  }
  const failing: string[] = []
  const newFailing = (): string => {
    const address = newAddress()
    failing.push(address)
    return address
  }
  const dial = (address: string) => void hub.connect(address).catch(() => {})
  const accept = (address: string) =>
    transport.inbound(address, counting(new FaultSession('inbound', known.get(address)?.key)))
  /** Somebody else says that it is who is there. */
  const lie = (address: string) =>
    transport.inbound(address, new FaultSession('inbound', addressAt(known.size, pick).key))
  const fail = (attempt = transport.lastDial) => attempt.fail(new Error(pick(FAILURES)))
  const close = (address: string, how: FaultSession['onClose']) => {
    for (const session of hub.get(address)?.sessions ?? []) session.handle.onClose = how
    const reason = pick(['replaced', 'idle', 'asked'])
    hub.disconnect(address, { reason }).catch(() => {})
  }
  const enter = () => {
    const address = newAddress()
    const way = random()
    if (way > 0.34) {
      dial(address)
      counting(transport.lastDial.succeed())
      hub.update(address, { name: pick(NAMES), rtt: Math.round(20 + random() * 180) })
    }
    if (way < 0.34 || way > 0.93) accept(address)
  }
  const step = () => {
    const way = random()
    if (hub.size < entries || way < 0.4) return enter()
    if (way < 0.75) return close(pick(hub.snapshot()).address, 'at-once')
    if (way > 0.9) return pick(transport.sessions).end(new Error('the link broke'))
    // Some cannot be reached, and are tried again and again.
    dial(random() < 0.8 && failing.length > 6 ? pick(failing) : newFailing())
    fail()
  }

  return {
    hub,
    play: () => {
      passTime(Math.round(entries * 1.6) + 60, step)
      for (const { address } of hub.snapshot().slice(3)) {
        const way = random()
        if (way < 0.06) close(address, 'refuse')
        else if (way < 0.16) dial(newAddress())
        else if (way < 0.3) lie(address)
      }
      const lost = newAddress()
      for (let tries = 0; tries < 3; tries++) {
        hub.connect(lost, { data: { name: pick(NAMES) } }).catch(() => {})
        fail()
      }
    },
    goOn: () => {
      for (const { address, state } of hub.snapshot()) {
        const way = random()
        const dialed = transport.dials.filter((one) => one.address === address).at(-1)
        if (state === 'connecting' && way < 0.3) fail(dialed)
        if (state === 'connected' && way < 0.08) close(address, 'at-once')
      }
    },
    end: () => {
      // Those that refuse to close would be waited for.
      for (const session of transport.sessions) session.end()
      return hub.close()
    },
  }
}

/** A session over which something goes all the time. */
const counting = (session: FaultSession): FaultSession =>
  Object.assign(session, {
    traffic: () => {
      const ms = Math.round(performance.now())
      return {
        bytesIn: 700 * ms,
        bytesOut: 200 * ms,
        messagesIn: ms,
        messagesOut: Math.round(ms / 3),
      }
    },
  })

/** Lets the clock run through a quarter of an hour while the steps are taken. */
const passTime = (steps: number, step: () => void): void => {
  const { now } = Date
  const end = now()
  let at = end
  Date.now = () => at
  try {
    for (let i = 0; i < steps; i++) {
      at = Math.round(end - (HOUR / 4) * (1 - i / steps) ** 1.4)
      step()
    }
  } finally {
    Date.now = now
  }
}
