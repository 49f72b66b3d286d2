export { createMemoryNetwork, type MemoryLink, type MemoryNetwork } from '@conn-hub/conformance'
export { chanceOf } from './chance.js'
export { CHROMIUM, CHROMIUM_FLAGS } from './chromium.js'
export {
  type CloseBehaviour,
  createFaultTransport,
  type DestroyBehaviour,
  type FaultDial,
  FaultSession,
  type FaultTransport,
  type Proof,
} from './fault.js'
export { switchedNetwork } from './network.js'
export { findPort } from './port.js'
export { blocksOf, faultsOf, moduleOf, printedBy, tableOf } from './readme.js'
export { formatEvent, type Recording, record } from './record.js'
export {
  generateKeys,
  loadSecretStack,
  type Sbot,
  type SbotOptions,
  type SbotRpc,
  type SecretStackVersion,
  type Ssb,
  startSbot,
  withSbots,
} from './sbot.js'
export { trackedSignal } from './signals.js'
export { nearTheEnd } from './stack.js'
export type { Answer, Place, Proves, Step } from './steps.js'
export { anyReentrantStep, anyStep, stories } from './stories.js'
export { ALL_DEADLINES, type Clock, HOLD_TIMEOUT, Story, type StoryCall } from './story.js'
export { StorySession } from './story-session.js'
export { countSubscriptions } from './subscriptions.js'
export { turns } from './turns.js'
export { until } from './until.js'
