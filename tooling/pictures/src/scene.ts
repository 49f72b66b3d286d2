import { createHash } from 'node:crypto'
import { createHub, type Hub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'

/** The same numbers at each run, from 0 to below 1. */
const createChance = (): (() => number) => {
  let state = 20
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const keyOf = (name: string) => `@${createHash('sha256').update(name).digest('base64')}.ed25519`

const KINDS = ['internet', 'lan', 'tunnel', 'bt'] as const
type Kind = (typeof KINDS)[number]

const addressOf = (kind: Kind, number: number): string => {
  const key = keyOf(`${kind} ${number}`).slice(1, 45)
  const port = 8008 + (number % 40)
  switch (kind) {
    case 'internet':
      return `net:${['pub', 'room', 'gate'][number % 3]}-${number}.example.net:${port}~shs:${key}`
    case 'lan':
      return `net:192.168.${Math.floor(number / 250)}.${(number % 250) + 2}:${port}~shs:${key}`
    case 'tunnel':
      return `tunnel:${keyOf('room').slice(0, 20)}:${keyOf(`t${number}`)}~shs:${key}`
    case 'bt':
      return `bt:${key.slice(0, 17).toLowerCase()}~shs:${key}`
  }
}

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
  const chance = createChance()
  const kinds = new Map<string, Kind>()
  const transport = createFaultTransport()
  transport.describe = (address) => ({ key: keyOf(address), kind: kinds.get(address) ?? 'lan' })
  const hub = createHub({ transport, dialTimeout: HOUR, closeTimeout: HOUR, onError: () => {} })
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
  let number = 0
  const newAddress = (): string => {
    const kind = pick([...KINDS, 'internet', 'internet', 'lan'] as const)
    const address = addressOf(kind, number++)
    kinds.set(address, kind)
    return address
  }
  const accept = (address: string) =>
    transport.inbound(address, new FaultSession('inbound', keyOf(address)))
  const dial = (address: string) => void hub.connect(address).catch(() => {})
  const dialAndOpen = (address: string) => {
    dial(address)
    transport.lastDial.succeed()
    hub.update(address, { name: pick(NAMES), rtt: Math.round(20 + chance() * 180) })
  }
  const fail = (address: string) => {
    dial(address)
    transport.lastDial.fail(new Error(pick(FAILURES)))
  }
  const close = (address: string, how: 'refuse' | 'at-once') => {
    for (const session of hub.get(address)?.sessions ?? []) session.handle.onClose = how
    hub.disconnect(address, { reason: pick(['replaced', 'idle', 'asked']) }).catch(() => {})
  }
  const enter = () => {
    const address = newAddress()
    const way = chance()
    if (way < 0.34) accept(address)
    else dialAndOpen(address)
    if (way > 0.93) accept(address)
  }

  const play = () => {
    passTime(Math.round(entries * 1.6) + 60, () => {
      const step = chance()
      if (hub.size < entries || step < 0.4) enter()
      else if (step < 0.75) close(pick([...hub.entries()]).address, 'at-once')
      else if (step < 0.9) fail(newAddress())
      else pick(transport.sessions).end(new Error('the link broke'))
    })
    for (const entry of [...hub.entries()].slice(3)) {
      const step = chance()
      if (step < 0.06) close(entry.address, 'refuse')
      else if (step < 0.16) dial(newAddress())
    }
  }
  const goOn = () => {
    for (const { address, state } of [...hub.entries()]) {
      const step = chance()
      if (state === 'connecting' && step < 0.5)
        transport.dials
          .filter((dial) => dial.address === address)
          .at(-1)
          ?.fail(new Error(pick(FAILURES)))
      else if (state === 'connected' && step < 0.08) close(address, 'at-once')
    }
  }
  const end = () => {
    // Those that refuse to close would be waited for.
    for (const session of transport.sessions) session.end()
    return hub.close()
  }
  return { hub, play, goOn, end }
}

const QUARTER = 900_000

/** Lets the clock run through a quarter of an hour while the steps are taken. */
const passTime = (steps: number, step: () => void): void => {
  const { now } = Date
  const end = now()
  let at = end
  Date.now = () => at
  try {
    for (let i = 0; i < steps; i++) {
      at = Math.round(end - QUARTER * (1 - i / steps) ** 1.4)
      step()
    }
  } finally {
    Date.now = now
  }
}
