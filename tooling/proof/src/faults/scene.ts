import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TestContext } from 'vitest'
import { expectHealthy } from './health.js'
import type { StationOptions } from './orders.js'
import type { Peer } from './peer-handle.js'
import { PeerProcess } from './peer-process.js'
import { Port } from './wire.js'

/** A small network for one test. */
export class Scene {
  readonly processes: PeerProcess[] = []
  readonly #caps = { shs: randomBytes(32).toString('base64') }
  readonly #ports: Port[] = []

  /** A peer in a process of its own. */
  async peer(options?: Partial<StationOptions>): Promise<Peer> {
    const [peer] = await this.peers(1, options)
    return peer as Peer
  }

  /** Peers that share a process. */
  async peers(
    count: number,
    options?: Partial<StationOptions>,
    through?: readonly string[],
  ): Promise<readonly Peer[]> {
    const process = new PeerProcess(through)
    this.processes.push(process)
    const start = () => process.start({ caps: this.#caps, ...options })
    return Promise.all(Array.from({ length: count }, start))
  }

  async port(onConnection: (socket: Socket) => void): Promise<Port> {
    const port = await Port.open(onConnection)
    this.#ports.push(port)
    return port
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
  await expectHealthy(scene.processes)
}
