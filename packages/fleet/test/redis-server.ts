import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPort, until } from '@conn-hub/testkit'

/** Debian's. Another one by the variable REDIS_SERVER, also Valkey's. */
export const REDIS_SERVER = process.env.REDIS_SERVER ?? '/usr/bin/redis-server'

export const hasRedis = existsSync(REDIS_SERVER)

if (!hasRedis) {
  console.warn(
    `There is no ${REDIS_SERVER}: the tests with a real Redis are left out. apt-get install redis-server`,
  )
}

/** A real server in a folder of its own. */
export class RedisServer {
  readonly port: number
  readonly folder: string
  readonly #options: readonly string[]
  #process: ChildProcess | undefined

  constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port
    this.folder = folder
    this.#options = options
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get dump(): string {
    return join(this.folder, 'dump.rdb')
  }

  /** Begins, and resolves when it listens. */
  async start(...more: string[]): Promise<void> {
    const { port, folder } = this
    const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'no']
    const child = spawn(REDIS_SERVER, [...own, '--save', '', ...this.#options, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#process = child
    // Also where a script by hand fails.
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.once('exit', () => process.off('exit', kill))
    let said = ''
    // Read to the end: a server that cannot write its log ends.
    child.stdout.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-10_000)
    })
    const isReady = () => /Ready to accept connections/.test(said)
    await until(() => isReady() || child.exitCode !== null, 'Redis is ready')
    if (!isReady()) throw new Error(`Redis has ended: ${said.slice(-1_000)}`)
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async end(): Promise<void> {
    this.signal('SIGCONT')
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A port may be taken meanwhile, and so may the second one of a node of a cluster: then on others. */
export const startRedis = async (...options: string[]): Promise<RedisServer> => {
  for (let left = 3; ; left--) {
    const folder = mkdtempSync(join(tmpdir(), 'conn-hub-redis-'))
    const server = new RedisServer(await findPort(), folder, options)
    try {
      await server.start()
      return server
    } catch (error) {
      await server.end()
      if (left === 0) throw error
    }
  }
}
