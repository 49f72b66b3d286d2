import { randomBytes } from 'node:crypto'
import { type EventEmitter, once } from 'node:events'
import { createRequire } from 'node:module'
import type { Server, Socket } from 'node:net'
import { findPort } from './port.js'

export type SecretStackVersion = '6.3' | '6.4' | '7.1' | '8.1'

/** What tests use of an rpc. */
export interface SbotRpc extends EventEmitter {
  readonly id: string
  readonly closed: boolean
  readonly meta?: unknown
  readonly stream: { readonly address: string; readonly meta?: unknown }
  close(error: unknown, callback?: (error?: unknown) => void): unknown
}

/** What tests use of a running sbot. */
export interface Ssb extends EventEmitter {
  readonly id: string
  /** Every open rpc, by key; empty lists stay. */
  readonly peers: Readonly<Record<string, readonly SbotRpc[]>>
  connect(address: string, callback: (error?: unknown, rpc?: SbotRpc) => void): void
  getAddress(scope?: string): string
  close(error: unknown, callback?: (error?: unknown) => void): void
}

export interface SbotOptions {
  readonly version?: SecretStackVersion
  readonly keys?: SbotKeys
  /** Sbots meet only where they have the same; by default all of one process have. */
  readonly caps?: { readonly shs: string }
  readonly plugins?: readonly unknown[]
  /** Where it listens. Default 127.0.0.1, at a port that is free. */
  readonly host?: string
  readonly port?: number
  /** Settings of plugins, by their names, and of the sbot. */
  readonly config?: Readonly<Record<string, unknown>>
}

export interface SbotKeys {
  readonly id: string
  readonly public: string
  readonly private: string
}

export interface Sbot {
  readonly ssb: Ssb
  readonly id: string
  /** `net:HOST:PORT~shs:KEY` */
  readonly address: string
  readonly port: number
  /** Closes all its rpcs, its server and their sockets; may be called again. */
  close(): Promise<void>
}

interface SecretStack {
  use(plugin: unknown): SecretStack
  (config: unknown): Ssb
}

const require = createRequire(import.meta.url)
const net: typeof import('node:net') = require('node:net')
const { generate }: { generate(): SbotKeys } = require('ssb-keys')
const LOOPBACK = '127.0.0.1'
const ownNetwork = { shs: randomBytes(32).toString('base64') }

/** A new identity; by default each sbot gets one of its own. */
export const generateKeys = (): SbotKeys => generate()

/** A real sbot that listens. Close it within the test. */
export const startSbot = async (options: SbotOptions = {}): Promise<Sbot> => {
  const { host = LOOPBACK } = options
  for (let attemptsLeft = 5; ; attemptsLeft--) {
    const port = options.port ?? (await findPort(host))
    const ssb = createSbot(options, host, port)
    // The server is made at the first call that needs it, and only here its errors can be heard.
    const server = serverMadeBy(() => ssb.getAddress())
    try {
      if (!server.listening) await once(server, 'listening')
      return toSbot(ssb, server, host, port)
    } catch (error) {
      const portTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!portTaken || attemptsLeft === 0) throw error
    }
  }
}

/** Runs a test with sbots, and closes them however it ends. */
export const withSbots = async <N extends readonly SbotOptions[]>(
  options: readonly [...N],
  test: (...sbots: { [I in keyof N]: Sbot }) => unknown,
): Promise<void> => {
  const sbots = await Promise.all(options.map((each) => startSbot(each)))
  try {
    await test(...(sbots as { [I in keyof N]: Sbot }))
  } finally {
    await Promise.all(sbots.map((sbot) => sbot.close()))
  }
}

/** The sbot module itself, for tests that start one by hand. */
export const loadSecretStack = (
  version: SecretStackVersion = '8.1',
): ((config?: unknown) => SecretStack) => require(`secret-stack-${version}`)

const createSbot = (options: SbotOptions, host: string, port: number): Ssb => {
  const { version = '8.1', keys = generate(), caps = ownNetwork, plugins = [], config } = options
  const settings = {
    keys,
    caps,
    connections: {
      incoming: { net: [{ scope: 'device', transform: 'shs', host, port }] },
      outgoing: { net: [{ transform: 'shs' }] },
    },
    timers: { inactivity: 600e3, handshake: 5e3 },
    ...config,
  }
  const stack = loadSecretStack(version)()
  for (const plugin of plugins) stack.use(plugin)
  // Since 8, an sbot reads its own settings from `global`, and plugins theirs from beside it.
  return stack(version === '8.1' ? { ...settings, global: settings } : settings)
}

/** Sbots keep their server to themselves, and the error of its listen() too. */
const serverMadeBy = (start: () => void): Server => {
  const { createServer } = net
  let made: Server | undefined
  net.createServer = (...args: unknown[]) => {
    made = createServer(...(args as []))
    return made
  }
  try {
    start()
  } finally {
    net.createServer = createServer
  }
  if (!made) throw new Error('this sbot made no server')
  return made
}

const toSbot = (ssb: Ssb, server: Server, host: string, port: number): Sbot => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const closed = new Promise((resolve) => server.once('close', resolve))
  return {
    ssb,
    port,
    id: ssb.id,
    address: `net:${host}:${port}~shs:${ssb.id.slice('@'.length, -'.ed25519'.length)}`,
    close: async () => {
      // A test may have closed the sbot by itself.
      if (server.listening) ssb.close(true, () => {})
      // A handshake that is under way has no rpc yet, and would keep the server.
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
