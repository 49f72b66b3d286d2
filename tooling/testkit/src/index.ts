export { createFaultTransport, type FaultDial, FaultSession, type FaultTransport } from './fault.js'
export { createMemoryNetwork, MemoryLink, type MemoryNetwork } from './memory.js'
export { blocksOf, moduleOf, printedBy } from './readme.js'
export { formatEvent, type Recording, record } from './record.js'
export {
  findPort,
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
export { countSubscriptions } from './subscriptions.js'
export { until } from './until.js'
