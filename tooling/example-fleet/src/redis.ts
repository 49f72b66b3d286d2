import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, redisEngine } from '@conn-hub/fleet'
import { createClient } from 'redis'

const PROGRAM = process.env.REDIS_SERVER ?? '/usr/bin/redis-server'

/** A port that nobody listens on, and none of those that a system gives to whoever connects: it could be taken before it is used. */
export const findPort = async (): Promise<number> => {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    await new Promise((resolve) => server.close(resolve))
    if (isFree) return port
  }
}

/** A Redis for this example alone. Nothing: there is none on this machine. */
export const startRedis = async () => {
  if (!existsSync(PROGRAM)) return undefined
  const port = await findPort()
  const folder = mkdtempSync(join(tmpdir(), 'conn-hub-example-'))
  const options = `--port ${port} --bind 127.0.0.1 --dir ${folder} --appendonly no --save`
  const child = spawn(PROGRAM, [...options.split(' '), ''], { stdio: 'ignore' })
  const end = async () => {
    child.kill()
    await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  return { port, end }
}

export const connectRedis = async (port: number): Promise<Engine> => {
  const socket = { host: '127.0.0.1', port, reconnectStrategy: 100 }
  const client = createClient({ socket, disableOfflineQueue: true })
  client.on('error', () => {})
  await client.connect()
  return redisEngine(client)
}
