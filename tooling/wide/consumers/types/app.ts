import { changes, events, liveEntries } from '@conn-hub/async-iterator'
import { conformance, watchContract } from '@conn-hub/conformance'
import { type Connection, createHub, dialer, type Session, type Unsubscribe } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { listen } from '@conn-hub/pull-stream'
import { describeAddress } from '@conn-hub/secret-stack'

// A browser app: no `@types/node`, and the declarations of its packages are checked too.

const open = async (address: string): Promise<Session<string>> => ({
  handle: address,
  direction: 'outbound',
  close: () => {},
  onClosed: () => {},
})

/** What a transport may leave out, it may also give as `undefined`. */
export const bare = async (address: string): Promise<Session<string>> => ({
  ...(await open(address)),
  destroy: undefined,
  probe: undefined,
  traffic: undefined,
})

export const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
const stop: Unsubscribe = hub.on('connected', ({ session }) => {
  document.title = session.handle
})
stop()

export const read = async (signal: AbortSignal): Promise<void> => {
  for await (const { seq, type } of events(hub, { signal })) document.title = `${seq} ${type}`
  for await (const entries of liveEntries(hub)) show(entries)
  for await (const { added } of changes(hub)) show(added)
}
const show = (entries: readonly Connection<string>[]): void => {
  document.title = entries.map(({ address }) => address).join()
}

listen(hub)(null, (end, event) => end || show(event ? [...hub.entries()] : []))
export const kind: string | undefined = describeAddress('net:10.0.0.1:8008').kind
export const watch = watchContract(hub)
export const rules: typeof conformance = conformance
export const url = async (): Promise<string> => (await serveInspector(hub)).url

// @ts-expect-error Declarations that resolve to `any` would take this too.
export const wrong: number = hub.size.toString()
