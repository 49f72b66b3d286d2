import { once } from 'node:events'
import net from 'node:net'
import { createHub, type Hub, type Transport } from '@conn-hub/core'
import { blocksOf, moduleOf, record, until } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'

interface Peer {
  send(line: string): void
}

const [, tcp = ''] = blocksOf(new URL('../../README.md', import.meta.url), 'js')
const CLOSE_TIMEOUT = 500
const UNSENT = 'x'.repeat(5 * 1024 * 1024)

describe('the TCP transport of the README, and a peer that reads nothing', () => {
  it('ends a link with 5 MB unsent when closeTimeout is over, and no later', async () => {
    const { createTcpTransport } = await moduleOf<{
      createTcpTransport(server: net.Server): Transport<Peer>
    }>(tcp, new URL('.', import.meta.url))
    const stalled: net.Socket[] = []
    const other = net.createServer({ pauseOnConnect: true }, (socket) => stalled.push(socket))
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const hub: Hub<Peer> = createHub({
      transport: createTcpTransport(net.createServer()),
      closeTimeout: CLOSE_TIMEOUT,
    })
    try {
      const recording = record(hub)
      const address = `tcp:127.0.0.1:${(other.address() as net.AddressInfo).port}`
      const peer = await hub.connect(address)
      await until(() => stalled.length === 1, 'the other side has the link')
      // Two: what the kernel holds of it counts as sent.
      peer.send(UNSENT)
      peer.send(UNSENT)
      // Its timer is counted, and not the time of a busy machine; the link and what is unsent are real.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const disconnected = hub.disconnect(address, { reason: 'enough' })
      await vi.advanceTimersByTimeAsync(CLOSE_TIMEOUT - 1)
      expect(hub.get(address)?.state).toBe('disconnecting')
      await vi.advanceTimersByTimeAsync(1)
      expect(hub.size).toBe(0)
      expect(await disconnected).toBe(true)
      expect(recording.events.at(-1)).toMatchObject({
        type: 'disconnected',
        reason: 'enough',
        initiator: 'local',
        error: { code: 'CLOSE_TIMEOUT' },
      })
    } finally {
      vi.useRealTimers()
      await hub.close()
      for (const socket of stalled) socket.destroy()
      other.close()
    }
  })
})
