import { getEventListeners } from 'node:events'
import { createMemoryNetwork, type MemoryEndpoint, type MemoryLink } from '@conn-hub/conformance'
import { createHub, type DialAttempt, decorate, type Hub } from '@conn-hub/core'
import { countHearing } from './hearing.js'
import { MEMORY_KINDS } from './memory-kinds.js'
import type { World } from './part.js'
import type { Scene } from './scene.js'
import { countTimers } from './timers.js'

export const openMemoryWorld = (): World => {
  const timers = countTimers()
  const network = createMemoryNetwork()
  const ours = network.endpoint('us')
  let held: (() => void)[] | undefined
  const transport = decorate<MemoryLink>(ours, {
    dial: (address, attempt, inner) => {
      if (held) held.push(() => inner(address, attempt))
      else inner(address, attempt)
    },
  })
  let errors = 0
  const onError = () => {
    errors++
  }
  const { hub, heard } = countHearing(createHub({ transport, onError }))
  const { signal } = new AbortController()

  const hold = () => {
    const waiting: (() => void)[] = []
    held = waiting
    return () => {
      held = undefined
      for (const answer of waiting) answer()
    }
  }

  const cycle = async (index: number) => {
    const peer = network.endpoint(`peer${index}`)
    const leave = peer.listen?.(() => {})
    const comesIn = () => peer.dial(ours.address, caller)
    const kind = MEMORY_KINDS[index % MEMORY_KINDS.length] as (scene: Scene) => Promise<unknown>
    await kind({ hub, peer, signal, hold, comesIn })
    leave?.()
    const open = hub.size + ours.links.size + peer.links.size
    if (open > 0) throw new Error(`cycle ${index}, ${kind.name}, has left ${open} open`)
  }

  return {
    name: 'memory',
    lanes: 1,
    cycle,
    quiet: async () => {},
    end: async () => {
      const before = heard()
      await eachEvent(hub, network.endpoint('last'))
      await hub.close()
      timers.stop()
      return {
        'errors told': errors,
        entries: hub.size,
        links: ours.links.size,
        'abort listeners': getEventListeners(signal, 'abort').length,
        'listeners of the hub': heard() - before,
        timers: timers.outstanding(),
      }
    },
  }
}

/** Whoever listens still hears one of these. */
const eachEvent = async (hub: Hub<MemoryLink>, peer: MemoryEndpoint): Promise<void> => {
  await hub.connect(peer.address).catch(() => {})
  const leave = peer.listen?.(() => {})
  await hub.connect(peer.address)
  await hub.disconnect(peer.address)
  leave?.()
}

/** The attempt of a peer that has no hub: its dial must succeed. */
export const caller: DialAttempt<MemoryLink> = {
  signal: new AbortController().signal,
  data: {},
  succeed: () => {},
  fail: (error) => {
    throw error
  },
  hold: () => () => {},
  ended: () => {},
}
