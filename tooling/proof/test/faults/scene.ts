import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TestContext } from 'vitest'
import type { Identity, NodeOptions } from './commands.js'
import { expectHealthy } from './health.js'
import { Peer } from './peer-handle.js'
import { PeerProcess } from './peer-process.js'
import { Port } from './wire.js'

/** A small network for one test. */
export class Scene {
  readonly processes: PeerProcess[] = []
  readonly #peers: Peer[] = []
  readonly #caps = { shs: randomBytes(32).toString('base64') }
  readonly #ports: Port[] = []

  /** A peer in a process of its own. */
  async peer(options?: Partial<NodeOptions>): Promise<Peer> {
    const [peer] = await this.peers(1, options)
    return peer as Peer
  }

  /** Peers that share a process. */
  async peers(
    count: number,
    options?: Partial<NodeOptions>,
    through?: readonly string[],
  ): Promise<readonly Peer[]> {
    const process = new PeerProcess(through)
    this.processes.push(process)
    const command = { start: { caps: this.#caps, ...options } }
    const start = async () => new Peer(process, await process.command<Identity>(command))
    const peers = await Promise.all(Array.from({ length: count }, start))
    this.#peers.push(...peers)
    return peers
  }

  async port(onConnection: (socket: Socket) => void): Promise<Port> {
    const port = await Port.open(onConnection)
    this.#ports.push(port)
    return port
  }

  /** All peers that still run are well, and end well. */
  async expectHealthy(): Promise<void> {
    await expectHealthy(this.processes, this.#peers)
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()))
    await Promise.all(this.#ports.map((port) => port.close()))
  }
}

/** Runs a test in a scene; then all peers that still run must be well, and end well. */
export const scene = async (
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> => {
  const scene = new Scene()
  // Also after a time-out, when `play` still waits for something.
  onTestFinished(() => scene.end())
  await play(scene)
  await scene.expectHealthy()
}
