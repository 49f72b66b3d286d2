import { fork } from 'node:child_process'
import { createHub } from '@conn-hub/core'
import { type Fleet, joinFleet, memoryEngine } from '@conn-hub/fleet'
import { createWebSocketTransport } from '@conn-hub/websocket'
import { WebSocket } from 'ws'
import { startCrowd } from './crowd.js'
import { connectRedis, findPort, startRedis } from './redis.js'
import { type Server, startServer } from './server.js'
import { serveView } from './view.js'

const NAMES = ['web-1', 'web-2', 'web-3']
const LEASE = 3_000

/** With Redis each server is a process of its own, and dies as processes do. */
const runServer = async (name: string, port: number, redis: number): Promise<void> => {
  const engine = await connectRedis(redis)
  startServer({ name, port, engine, lease: LEASE })
  process.on('disconnect', () => process.exit())
}

const forkServer = (name: string, port: number, redis: number): Server => {
  const child = fork(process.argv[1] as string, ['server', name, `${port}`, `${redis}`])
  return { kill: () => void child.kill('SIGKILL') }
}

const run = async (): Promise<void> => {
  const redis = await startRedis()
  const engine = redis ? await connectRedis(redis.port) : memoryEngine()
  if (!redis)
    console.log('There is no redis-server here: the memory engine, and all servers in one process.')
  const ports = new Map(
    await Promise.all(NAMES.map(async (name) => [name, await findPort()] as const)),
  )
  const servers = new Map<string, Server>()
  const start = (name: string) => {
    const port = ports.get(name)
    if (port === undefined || servers.has(name)) return
    const server = redis
      ? forkServer(name, port, redis.port)
      : startServer({ name, port, engine, lease: LEASE })
    servers.set(name, server)
  }
  const kill = (name: string) => {
    servers.get(name)?.kill()
    servers.delete(name)
  }
  for (const name of NAMES) start(name)
  // The page has no peers of its own: it only looks.
  const hub = createHub({ transport: createWebSocketTransport({ WebSocket }) })
  const fleet: Fleet = joinFleet(hub, { engine, machine: 'page', lease: LEASE, poll: 'block' })
  // Else all people would be at the server that is there first.
  while ((await fleet.machines()).length <= NAMES.length)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const stopCrowd = startCrowd([...ports.values()])
  const view = await serveView(fleet, {
    names: NAMES,
    start,
    kill,
    isUp: (name) => servers.has(name),
  })
  console.log(`Open ${view.url}`)

  const end = async () => {
    stopCrowd()
    await view.close()
    await hub.close()
    await fleet.leave()
    for (const name of NAMES) kill(name)
    await redis?.end()
    process.exit()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

const [role, name = '', port, redis] = process.argv.slice(2)
if (role === 'server') await runServer(name, Number(port), Number(redis))
else await run()
