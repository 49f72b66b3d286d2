import { createRequire } from 'node:module'
import { toPzpAddress, toSsbAddress } from '../addresses.js'
import { loadPeer } from '../peers.js'
import { createStubSbot, type StubSbot } from '../stub-sbot.js'

export type Source<T = unknown> = (
  abort: unknown,
  callback: (end: unknown, item?: T) => void,
) => void

/** What the three that manage the connections of an sbot have in common. */
export interface SbotHub {
  connect(address: string): Promise<unknown>
  disconnect(address: string): Promise<boolean>
  liveEntries(): Source<readonly unknown[]>
  listen(): Source
}

/** A hub, the stub below it, and how its addresses are written. */
export interface Scene {
  readonly ssb: StubSbot
  readonly hub: SbotHub
  readonly toAddress: (key: string) => string
  /** What `ssb.connect` gets for that: pzp-net writes its addresses anew. */
  readonly toDialed: (key: string) => string
}

/** Loads the code now, and makes a scene each time that it is called. */
export type Stage = () => Promise<() => Scene>

const require = createRequire(import.meta.url)

export const ours: Stage = async () => {
  const ConnHub = require('@conn-hub/ssb-conn-hub')
  return onStub((ssb) => new ConnHub(ssb))
}

export const original: Stage = async () => {
  type Original = { default: new (ssb: StubSbot) => SbotHub }
  const { default: ConnHub } = await loadPeer<Original>('ssb-conn-hub')
  return onStub((ssb) => new ConnHub(ssb))
}

/** Its part that manages connections, without its statistics and its scheduler. */
export const pzp: Stage = async () => {
  type Infos = { liveEntries: SbotHub['liveEntries'] }
  type Connections = Pick<SbotHub, 'connect' | 'disconnect' | 'listen'>
  type Loaded<T> = { default: T }
  const folder = './node_modules/pzp-net/lib'
  const { default: Connections } = await loadPeer<
    Loaded<new (ssb: StubSbot, infos: Infos) => Connections>
  >(`${folder}/connections.js`)
  const { default: Infos } = await loadPeer<Loaded<new () => Infos>>(`${folder}/infos.js`)
  return () => {
    const ssb = createStubSbot()
    const infos = new Infos()
    const connections = new Connections(ssb, infos)
    const hub: SbotHub = {
      connect: (address) => connections.connect(address),
      disconnect: (address) => connections.disconnect(address),
      listen: () => connections.listen(),
      liveEntries: () => infos.liveEntries(),
    }
    return { ssb, hub, toAddress: toPzpAddress, toDialed: toPzpDialed }
  }
}

const onStub = (create: (ssb: StubSbot) => SbotHub) => (): Scene => {
  const ssb = createStubSbot()
  return { ssb, hub: create(ssb), toAddress: toSsbAddress, toDialed: toSsbAddress }
}

const toPzpDialed = (key: string): string => `net:10.0.0.1:8008~shse:${key}`

export const SBOT_HUBS = {
  ours,
  'ssb-conn-hub 1.2.1': original,
  'pzp-net 1.0.1': pzp,
} satisfies Record<string, Stage>

export const ORIGINAL = 'ssb-conn-hub 1.2.1'
export const PZP = 'pzp-net 1.0.1'
