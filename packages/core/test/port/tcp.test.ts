import { once } from 'node:events'
import net from 'node:net'
import { createHub, type Hub, type Transport } from '@conn-hub/core'
import { blocksOf, moduleOf, record, until } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'

interface Peer {
  send(line: string): void
}

const [, tcp = ''] = blocksOf(new URL('../../README.md', import.meta.url), 'js')
const CLOSE_TIMEOUT = 500
const UNSENT = 'x'.repeat(5 * 1024 * 1024)

describe('the TCP transport of the README, and a peer that reads nothing', () => {
  it('ends a link with 5 MB unsent within closeTimeout + 100 ms', async () => {
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
      const asked = performance.now()
      expect(await hub.disconnect(address, { reason: 'enough' })).toBe(true)
      const took = performance.now() - asked
      expect(recording.events.at(-1)).toMatchObject({
        type: 'disconnected',
        reason: 'enough',
        initiator: 'local',
        error: { code: 'CLOSE_TIMEOUT' },
      })
      expect(hub.size).toBe(0)
      // The promise settles in the turn of its timer, which cannot come early.
      expect(took).toBeGreaterThanOrEqual(CLOSE_TIMEOUT - 1)
      expect(took).toBeLessThan(CLOSE_TIMEOUT + 100)
    } finally {
      await hub.close()
      for (const socket of stalled) socket.destroy()
      other.close()
    }
  })
})
