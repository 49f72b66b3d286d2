import type { MemoryLink } from '@conn-hub/conformance'
import type { SimulatedPeer } from '../simulated-peer.js'

/** What is open at one peer and not at the other, or not in an entry. Nothing, when no packet is on its way. */
export const findGhosts = (peers: readonly SimulatedPeer[]): string[] => {
  const up = peers.filter(({ isUp }) => isUp)
  const heldBy = new Map(up.map((peer) => [peer.name, heldLinks(peer)]))
  return up.flatMap((peer) => {
    const held = heldBy.get(peer.name) ?? new Set()
    const open = peer.host.endpoint.links
    const ghosts = [...held].filter((link) => !open.has(link))
    const orphans = [...open].filter((link) => !held.has(link))
    // An orphan is told at its own end.
    const alone = [...held].filter((link) => open.has(link) && !isAtOther(link, up))
    return [
      ...ghosts.map((link) => `${say(peer, link)} is in an entry, and closed`),
      ...orphans.map((link) => `${say(peer, link)} is open, and in no entry`),
      ...alone.map((link) => `${say(peer, link)} is open, and the other side does not have it`),
    ]
  })
}

const heldLinks = ({ own }: SimulatedPeer): Set<MemoryLink> =>
  new Set([...own.entries()].flatMap(({ sessions }) => sessions.map(({ handle }) => handle)))

const isAtOther = ({ key, peer }: MemoryLink, up: readonly SimulatedPeer[]): boolean => {
  const other = up.find(({ name }) => name === key)
  return other !== undefined && peer !== undefined && other.host.endpoint.links.has(peer)
}

const say = ({ name }: SimulatedPeer, { number, key }: MemoryLink): string =>
  `${name}: link ${number} with ${key}`
