// Beside socket.io: how long `fetchSockets()` of @socket.io/redis-adapter takes to find one peer on some servers. The packages are not ours:
// `npm install --prefix DIR socket.io@4.8.4 @socket.io/redis-adapter@8.3.0 ioredis@5.8.2`, then `node packages/fleet/test/by-hand/run.js fetch-sockets DIR [SERVERS]`.
import { createServer, type Server as HttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { startRedis } from '../redis-server.js'

const [folder = '.', servers = '10'] = process.argv.slice(2)
const require = createRequire(`${folder}/package.json`)
const { Server } = require('socket.io')
const { createAdapter } = require('@socket.io/redis-adapter')
const { Redis } = require('ioredis')

const redis = await startRedis()
const all: { in(room: string): { fetchSockets(): Promise<unknown[]> } }[] = []
for (let at = 0; at < Number(servers); at++) {
  const [pub, sub] = [new Redis(redis.url), new Redis(redis.url)]
  const http: HttpServer = createServer().listen(0, '127.0.0.1')
  const io = new Server(http, { adapter: createAdapter(pub, sub) })
  all.push(io)
  for (const client of [pub, sub]) client.on('error', () => {})
}
await new Promise((resolve) => setTimeout(resolve, 1_000))
const find = async (count: number) => {
  const [from, begun] = [process.cpuUsage(), performance.now()]
  for (let at = 0; at < count; at++) await all[0]?.in(`user-${at}`).fetchSockets()
  const { user, system } = process.cpuUsage(from)
  const took = ((performance.now() - begun) / count) * 1_000
  return `${took.toFixed(0)} µs, ${((user + system) / count).toFixed(0)} of CPU at all servers`
}
await find(50)
console.log(`fetchSockets() of one room, ${servers} servers: ${await find(300)}`)
await redis.end()
process.exit()
