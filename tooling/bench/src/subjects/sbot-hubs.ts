import { createRequire } from 'node:module'
import { loadPeer } from '../peers.js'
import { createStubSbot, type StubSbot } from '../stub-sbot.js'

/** What the drop-in and the original have in common, as far as it is measured. */
export interface SbotHub {
  connect(address: string): Promise<unknown>
  disconnect(address: string): Promise<boolean>
}

type CreateHub = new (ssb: StubSbot) => SbotHub

/** A hub, and the stub below it. */
export interface Scene {
  readonly ssb: StubSbot
  readonly hub: SbotHub
}

/** Loads the code now, and makes a scene each time that it is called. */
export type Stage = () => Promise<() => Scene>

const onStub = (ConnHub: CreateHub) => (): Scene => {
  const ssb = createStubSbot()
  return { ssb, hub: new ConnHub(ssb) }
}

// It is CommonJS, and there once it has been built.
const load = createRequire(import.meta.url)
export const ours: Stage = async () => onStub(load('@conn-hub/ssb-conn-hub'))

export const original: Stage = async () =>
  onStub((await loadPeer<{ default: CreateHub }>('ssb-conn-hub')).default)

export const ORIGINAL = 'ssb-conn-hub 1.2.1'
export const SBOT_HUBS: Readonly<Record<string, Stage>> = { ours, [ORIGINAL]: original }
