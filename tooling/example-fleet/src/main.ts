import { fork } from 'node:child_process'
import { createHub } from '@conn-hub/core'
import { joinFleet, memoryEngine } from '@conn-hub/fleet'
import { createWebSocketTransport } from '@conn-hub/websocket'
import { WebSocket } from 'ws'
import { startCrowd } from './crowd.js'
import { connectRedis, findPort, startRedis } from './redis.js'
import { LEASE, type Server, startServer } from './server.js'
import { serveView } from './view.js'

const NAMES = ['web-1', 'web-2', 'web-3']

/** With Redis each server is a process of its own, and dies as processes do. */
const runServer = async (name: string, port: number, redis: number): Promise<void> => {
  // Whoever has started it may be gone before Redis answers.
  process.on('disconnect', () => process.exit())
  if (!process.connected) process.exit()
  startServer({ name, port, engine: await connectRedis(redis) })
}

const forkServer = (name: string, port: number, redis: number): Server => {
  const child = fork(process.argv[1] as string, ['server', name, `${port}`, `${redis}`])
  return { kill: () => void child.kill('SIGKILL') }
}

let isEnding = false

const run = async (): Promise<void> => {
  const redis = await startRedis()
  const ends: (() => unknown)[] = [() => process.exit(), () => redis?.end()]
  const end = async () => {
    isEnding = true
    for (const each of ends.reverse()) await each()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)
  const engine = redis ? await connectRedis(redis.port) : memoryEngine()
  if (!redis) console.log('No redis-server here: the memory engine, all servers in one process.')
  const servers = new Map<string, Server>()
  const ports = new Map<string, number>()
  for (const name of NAMES) ports.set(name, await findPort())
  const start = (name: string) => {
    const port = ports.get(name)
    if (port === undefined || servers.has(name)) return
    const forked = redis && forkServer(name, port, redis.port)
    servers.set(name, forked ?? startServer({ name, port, engine }))
  }
  const kill = (name: string) => {
    servers.get(name)?.kill()
    servers.delete(name)
  }
  for (const name of NAMES) {
    start(name)
    ends.push(() => kill(name))
  }
  // The page has no peers of its own: it only looks.
  const hub = createHub({ transport: createWebSocketTransport({ WebSocket }) })
  const fleet = joinFleet(hub, { engine, machine: 'page', lease: LEASE, poll: 'block' })
  ends.push(hub.close, fleet.leave)
  // Else all people would be at the server that is there first.
  const soon = () => new Promise((resolve) => setTimeout(resolve, 100))
  while ((await fleet.machines()).length <= NAMES.length) await soon()
  ends.push(startCrowd([...ports.values()]))
  const isUp = (name: string) => servers.has(name)
  const view = await serveView(fleet, { names: NAMES, start, kill, isUp })
  ends.push(view.close)
  console.log(`Open ${view.url}`)
}

const [role, name = '', port, redis] = process.argv.slice(2)
if (role === 'server') await runServer(name, Number(port), Number(redis))
else
  await run().catch((error) => {
    // Interrupted while it starts, it finds that the fleet was left; the end exits.
    if (!isEnding) throw error
  })
