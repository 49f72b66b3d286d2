import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { Ssb } from '@conn-hub/secret-stack'

/** What the demo uses of a running sbot. */
export interface Sbot extends Ssb {
  readonly id: string
  once(event: 'multiserver:listening', listener: () => void): unknown
  getAddress(): string
  close(error: unknown, callback?: () => void): void
}

export interface Keys {
  readonly id: string
}

// These packages are CommonJS without types; secret-stack can be required alone.
const require = createRequire(import.meta.url)
const SecretStack: () => (config: object) => Sbot = require('secret-stack')
const { generate }: { generate(): Keys } = require('ssb-keys')
const { shs }: { shs: string } = require('ssb-caps')

export const generateKeys = (): Keys => generate()

/**
 * A real sbot of the main network, so that it can meet a real pub, with keys that nobody has seen before. It
 * listens on this machine alone.
 */
export const startSbot = async (keys: Keys = generateKeys()): Promise<Sbot> => {
  const host = '127.0.0.1'
  const port = await findPort(host)
  const ssb = SecretStack()({
    global: {
      keys,
      caps: { shs },
      // By default an idle link closes after 5 seconds; a demo is often idle.
      timers: { inactivity: 600_000, handshake: 10_000 },
      connections: {
        incoming: { net: [{ scope: 'device', transform: 'shs', host, port }] },
        outgoing: { net: [{ transform: 'shs' }] },
      },
    },
  })
  await new Promise<void>((resolve) => ssb.once('multiserver:listening', resolve))
  return ssb
}

/**
 * None of those that a system gives to whoever connects: it could be taken before the sbot listens. As the test kit does it,
 * which five processes of peers need not load.
 */
const findPort = async (host: string): Promise<number> => {
  for (let attemptsLeft = 50; ; attemptsLeft--) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = createServer()
    try {
      await once(server.listen(port, host), 'listening')
      server.close()
      await once(server, 'close')
      return port
    } catch (error) {
      if (attemptsLeft === 0) throw error
    }
  }
}
