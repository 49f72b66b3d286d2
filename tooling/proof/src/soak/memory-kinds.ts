import type { MemoryLink } from '@conn-hub/conformance'
import { hubThatLeaves, iterated, listenedTo, notRead } from './reader-kinds.js'
import type { Scene } from './scene.js'

/** The ways in which a connection comes and goes. Each begins and ends with no entry. */
export const MEMORY_KINDS: readonly ((scene: Scene) => Promise<unknown>)[] = [
  closedByUs,
  closedByThem,
  cameIn,
  cameInAndWent,
  bothAtOnce,
  joined,
  abandoned,
  answeredLate,
  failedFirst,
  again,
  listenedTo,
  notRead,
  iterated,
  hubThatLeaves,
]

async function closedByUs({ hub, peer, signal }: Scene) {
  await hub.connect(peer.address, { data: { name: 'peer', tags: ['a', 'b'] }, signal })
  hub.update(peer.address, { seen: 1 })
  await hub.disconnect(peer.address, { reason: 'done', signal })
}

async function closedByThem({ hub, peer, signal }: Scene) {
  const link = await hub.connect(peer.address, { signal, timeout: 1_000 })
  link.peer?.close()
}

async function cameIn({ hub, peer, comesIn }: Scene) {
  comesIn()
  hub.update(peer.address, { welcome: true })
  await hub.disconnect(peer.address)
}

async function cameInAndWent({ peer, comesIn }: Scene) {
  comesIn()
  for (const link of peer.links) link.close()
}

async function bothAtOnce({ hub, peer, signal, hold, comesIn }: Scene) {
  const answer = hold()
  const connected = hub.connect(peer.address, { signal })
  comesIn()
  answer()
  await connected
  await hub.disconnect(peer.address)
}

async function joined({ hub, peer, signal, hold }: Scene) {
  const answer = hold()
  const own = new AbortController()
  const first = hub.connect(peer.address, { signal })
  const second = hub.connect(peer.address, { signal, timeout: 1_000, data: { second: true } })
  const third = hub.connect(peer.address, { signal: own.signal })
  own.abort()
  await third.catch(() => {})
  answer()
  await Promise.all([first, second])
  await hub.disconnect(peer.address)
}

async function abandoned({ hub, peer, hold }: Scene) {
  const answer = hold()
  const own = new AbortController()
  const alone = hub.connect(peer.address, { signal: own.signal })
  own.abort()
  await alone.catch(() => {})
  // The link opens when nobody wants it any more.
  answer()
}

async function answeredLate({ hub, peer, signal, hold }: Scene) {
  const answer = hold()
  const cancelled = hub.connect(peer.address, { signal })
  await hub.disconnect(peer.address)
  await cancelled.catch(() => {})
  answer()
}

async function failedFirst({ hub, peer, signal }: Scene) {
  await hub.connect(`${peer.address}_nobody`, { signal }).catch(() => {})
  const link = await hub.connect(peer.address, { signal })
  link.close()
}

/** A `connect()` that waits for the end of a disconnect. */
async function again({ hub, peer, signal }: Scene) {
  await hub.connect(peer.address)
  const { address } = peer
  const reconnected = new Promise<MemoryLink>((resolve, reject) => {
    const stop = hub.on('disconnecting', () => {
      stop()
      hub.connect(address, { signal }).then(resolve, reject)
    })
  })
  await hub.disconnect(address)
  await reconnected
  await hub.disconnect(address)
}
