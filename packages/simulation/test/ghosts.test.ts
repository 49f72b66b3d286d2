import { createMemoryNetwork, type MemoryLink } from '@conn-hub/conformance'
import { createHub, type Hub } from '@conn-hub/core'
import { expect, it } from 'vitest'
import { findGhosts } from '../src/checks/ghosts.js'
import type { SimulatedPeer } from '../src/simulated-peer.js'

/** Two hubs with a link between them, and what they hold as the check sees it. */
const two = async () => {
  const network = createMemoryNetwork()
  const peers = ['anna', 'ben'].map((name) => {
    const endpoint = network.endpoint(name)
    const own: Pick<Hub<MemoryLink>, 'entries' | 'connect'> = createHub({ transport: endpoint })
    return {
      name,
      isUp: true,
      own,
      host: { endpoint: { links: new Set(endpoint.links) } },
      endpoint,
    }
  })
  const [anna, ben] = peers as [(typeof peers)[0], (typeof peers)[0]]
  await anna.own.connect('mem:ben')
  for (const peer of peers) peer.host.endpoint.links = new Set(peer.endpoint.links)
  return { anna, ben, ghosts: () => findGhosts(peers as unknown as SimulatedPeer[]) }
}

it('finds nothing where both sides have the link in an entry', async () => {
  expect((await two()).ghosts()).toEqual([])
})

it('finds a link that is open, and in no entry', async () => {
  const { ben, ghosts } = await two()
  ben.own = { ...ben.own, entries: () => [].values() as never }
  expect(ghosts()).toEqual(['ben: link 1 with anna is open, and in no entry'])
})

it('finds a link that is in an entry, and closed', async () => {
  const { ben, ghosts } = await two()
  ben.host.endpoint.links.clear()
  expect(ghosts()).toEqual([
    'anna: link 1 with ben is open, and the other side does not have it',
    'ben: link 1 with anna is in an entry, and closed',
  ])
})

it('finds a link to one that is down', async () => {
  const { ben, ghosts } = await two()
  ben.isUp = false
  expect(ghosts()).toEqual(['anna: link 1 with ben is open, and the other side does not have it'])
})
