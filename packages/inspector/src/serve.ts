import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Connection, Hub, Listenable } from '@conn-hub/core'
import { Access, isLoopback } from './http/access.js'
import { createPauses } from './http/pauses.js'
import { createProbeServer } from './http/probe-server.js'
import type { Recording } from './http/recording.js'
import { createRoutes } from './http/routes.js'
import type { Served } from './http/served.js'
import { createGuardedServer, listen, toHost } from './http/server.js'
import { createShared } from './http/shared.js'
import type { Stream } from './http/stream.js'
import { followMoves } from './http/streams.js'
import { createEntryTexts } from './http/texts.js'
import { journalOf } from './journal.js'
import { type InspectorOptions, readOptions } from './options.js'
import { loadPage } from './page.js'
import { labelByName, toLabelOf } from './plain/label.js'

export interface Inspector {
  /** Where to look. It holds the token: who has it sees everything. */
  readonly url: string
  /** Where `/metrics` and `/healthz` are, where they have a port of their own. */
  readonly probeUrl: string | undefined
  /** Ends all streams and connections at once; nothing listens to the hub any more. May be called again. */
  close(): Promise<void>
}

/**
 * Shows a hub in the browser, on this machine alone unless it is told otherwise. It keeps no process alive that has
 * nothing else to do. Rejects with a `HubError`: `INVALID_OPTION`, `HUB_CLOSED`, `PORT_IN_USE`, `LISTEN_FAILED`.
 *
 * @example
 * const inspector = await serveInspector(hub, { port: 8009 })
 * console.log(inspector.url)
 */
export const serveInspector = async <S>(
  hub: Listenable<S>,
  options?: InspectorOptions<Pick<Connection<S>, 'address' | 'key' | 'kind' | 'data'>>,
): Promise<Inspector> =>
  // One that can only be read is enough where nothing is commanded: one that is replayed, or wrapped.
  serve(hub as Hub<S>, undefined, options)

/** The same of a record, with a slider. */
export const serveRecording = (
  recording: Recording,
  options?: InspectorOptions,
): Promise<Inspector> => serve(recording.hub, recording, options)

const serve = async <S>(
  whole: Hub<S>,
  recording: Recording | undefined,
  options?: InspectorOptions<Pick<Connection<S>, 'address' | 'key' | 'kind' | 'data'>>,
): Promise<Inspector> => {
  const { port, host, allowRemote, allowControl, keepAlive, ...read } = readOptions(whole, options)
  const { label, ...shown } = read.shown
  const { probePort } = read.probes
  const journal = recording?.journal ?? journalOf(whole)
  const access = new Access(read.access)
  const labelOf = label ? toLabelOf(label) : labelByName
  const streams = new Set<Stream>()
  const served: Served = {
    ...{ ...shown, access, allowControl, labelOf, streams, recording },
    ...{ probes: read.probes, page: loadPage(), texts: createEntryTexts(labelOf) },
    ...{
      pause: createPauses(streams, () => served.journal.changes),
      shared: createShared(),
      pending: new Set(),
    },
    get hub() {
      return recording?.hub ?? whole
    },
    get journal() {
      return recording?.journal ?? journal
    },
  }
  followMoves(served)
  const main = createGuardedServer(createRoutes(served), keepAlive, (socket) =>
    access.known.has(socket),
  )
  const probe =
    probePort === undefined
      ? undefined
      : createProbeServer({ hub: whole, journal, access, probes: read.probes })
  // A record is held by who moves it.
  const release = recording ? () => {} : journal.hold()
  const end = async () => {
    release()
    for (const stream of streams) stream.end()
    await Promise.all([main.end(), probe?.end()])
  }
  try {
    await listen(main.server, port, host)
    if (probe) await listen(probe.server, probePort ?? 0, host)
  } catch (error) {
    await end()
    throw error
  }
  if (allowRemote && !isLoopback(host)) warn()
  let closing: Promise<void> | undefined
  return {
    url: `http://${hostOf(main.server)}${access.basePath}${read.access.token}/`,
    probeUrl: probe && `http://${hostOf(probe.server)}/`,
    close: () => {
      closing ??= end()
      return closing
    },
  }
}

const hostOf = (server: Server): string => toHost(server.address() as AddressInfo)

const warn = (): void =>
  console.warn(
    'conn-hub inspector: it can be reached from other machines, without encryption. Who has the address, or ' +
      'listens on the network, sees every peer.',
  )
