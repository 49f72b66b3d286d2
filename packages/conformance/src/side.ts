import type { HubSide } from '@conn-hub/core'

/** The hub as a transport sees it that listens without one: it has no entries, and counts what came in. */
export const createSide = <S>(inbound: () => number): HubSide<S> => ({
  get: () => undefined,
  byKey: () => [],
  entries: () => [].values(),
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
