import { createRequire } from 'node:module'
import type { EventsOptions, Hub } from '@conn-hub/core'
import type DropIn from '@conn-hub/ssb-conn-hub'

export type Source = (abort: unknown, callback: (end: unknown, item?: unknown) => void) => void
type MakeSource = (hub: Hub<never>, options?: EventsOptions) => Source

// The drop-in is CommonJS, and the pull-stream facade the very copy that it uses. Tests put the sources here.
const requireHere = createRequire(import.meta.url)
const requireThere = createRequire(requireHere.resolve('@conn-hub/ssb-conn-hub'))

export const ConnHub: typeof DropIn = requireHere('@conn-hub/ssb-conn-hub')
export const sources: Record<'listen' | 'liveEntries' | 'changes', MakeSource> =
  requireThere('@conn-hub/pull-stream')
