import ConnHub = require('@conn-hub/ssb-conn-hub')

import type { Address, ConnectionData, ListenEvent } from '@conn-hub/ssb-conn-hub/lib/types'

// As ssb-conn-query uses it, whose own build has TypeScript 4.2.

export const entriesOf = (hub: ConnHub): Iterable<[Address, ConnectionData]> => hub.entries()
export const typeOf = ({ type }: ListenEvent): string => type

// @ts-expect-error Declarations that resolve to `any` would take this too.
export const wrong = (hub: ConnHub): number => hub.getState('net:a')
