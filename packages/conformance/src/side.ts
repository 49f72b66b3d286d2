import type { PortSide } from './port.js'

/** The hub as a transport sees it that listens without one: it has no entries, and counts what came in. */
export const createSide = (inbound: () => number): PortSide => ({
  get: () => undefined,
  byKey: () => [],
  entries: () => [][Symbol.iterator](),
  size: 0,
  sessions: {
    get inbound() {
      return inbound()
    },
    outbound: 0,
  },
  disconnect: async () => false,
  refused: () => {},
})
