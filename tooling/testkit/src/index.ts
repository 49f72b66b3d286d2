export { createFaultTransport, type FaultDial, FaultSession, type FaultTransport } from './fault.js'
export { createMemoryNetwork, MemoryLink, type MemoryNetwork } from './memory.js'
export { formatEvent, type Recording, record } from './record.js'
export { until } from './until.js'
