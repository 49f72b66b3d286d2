import core = require('@conn-hub/core')
import pull = require('@conn-hub/pull-stream')
import ConnHub = require('@conn-hub/ssb-conn-hub')

import type { ListenEvent } from '@conn-hub/ssb-conn-hub/lib/types'

// The same in CommonJS, with the drop-in.

export const hub = core.createHub<string>({ transport: { describe: () => ({}), dial: () => {} } })
export const source = pull.listen(hub)
export const dropIn = (ssb: ConstructorParameters<typeof ConnHub>[0]): ConnHub => new ConnHub(ssb)
export const typeOf = ({ type }: ListenEvent): string => type

// @ts-expect-error Declarations that resolve to `any` would take this too.
export const wrong: number = hub.size.toString()
