import { changes, events, liveEntries } from '@conn-hub/async-iterator'
import type { MemoryLink } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import type { Scene } from './scene.js'

// Connections that come and go while somebody listens, who goes too.

export async function listenedTo({ hub, peer, signal }: Scene) {
  const own = new AbortController()
  const stop = hub.on('*', () => {}, { signal })
  hub.on('connected', () => {}, { signal: own.signal })
  const stopChange = hub.on('change', () => own.abort(), { signal })
  await hub.connect(peer.address)
  await hub.disconnect(peer.address)
  stop()
  stopChange()
}

export async function notRead({ hub, peer, signal }: Scene) {
  const own = new AbortController()
  const kept = [events, liveEntries, changes].map((read) => read(hub, { signal }))
  changes(hub, { signal: own.signal })
  await hub.connect(peer.address)
  // Those that read nothing leave with what waits in them.
  await kept[2]?.next()
  own.abort()
  await hub.disconnect(peer.address)
  for (const iterator of kept) await iterator.return?.()
}

export async function iterated({ hub, peer, signal }: Scene) {
  const own = new AbortController()
  const returned = liveEntries(hub, { signal })
  const aborted = changes(hub, { signal: own.signal })
  const reading = readToTheEnd(hub, signal)
  await Promise.all([returned.next(), aborted.next()])
  const waiting = [returned.next(), returned.next(), aborted.next(), aborted.next()]
  await hub.connect(peer.address)
  await hub.disconnect(peer.address)
  await returned.return()
  own.abort()
  await Promise.all([reading, ...waiting])
}

async function readToTheEnd(hub: Scene['hub'], signal: AbortSignal): Promise<void> {
  for await (const { type } of events(hub, { signal, capacity: 8 })) {
    if (type === 'disconnected') break
  }
}

export async function hubThatLeaves({ hub, peer, signal }: Scene) {
  const theirs = createHub<MemoryLink>({ transport: peer })
  theirs.on('*', () => {}, { signal })
  liveEntries(theirs, { signal })
  await hub.connect(peer.address)
  if (theirs.size !== 1) throw new Error('their hub has no entry')
  await theirs.close()
}
