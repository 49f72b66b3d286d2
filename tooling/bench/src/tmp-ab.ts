import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Kind, Order } from './websocket/messages.js'
import { startServer } from './websocket/servers.js'

const kinds = (process.argv[2] ?? 'ws,token').split(',') as Kind[]
const rounds = Number(process.argv[3] ?? 8)
const links = Number(process.argv[4] ?? 1000)
const clients = fork(fileURLToPath(new URL('./clients.js', import.meta.url)), { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
const order = async (given: Order) => { clients.send(given); await once(clients, 'message') }
const cost = async (work: () => Promise<unknown>) => { const b = process.cpuUsage(); await work(); const c = process.cpuUsage(b); return c.user + c.system }
const servers = Object.fromEntries(await Promise.all(kinds.map(async (k) => [k, await startServer[k]()] as const)))
const results: Record<string, { connect: number[]; echo: number[] }> = {}
for (const k of kinds) results[k] = { connect: [], echo: [] }
for (let r = 0; r < rounds; r++) for (const k of r % 2 ? kinds : [...kinds].reverse()) {
  const server = servers[k]!
  const connect = await cost(async () => { await order({ do: 'open', kind: k, port: server.port, count: links }); while (server.size() !== links) await new Promise((x) => setTimeout(x, 5)) })
  const echo = await cost(() => order({ do: 'echo', rounds: links * 5 }))
  await order({ do: 'close' }); while (server.size() !== 0) await new Promise((x) => setTimeout(x, 5))
  if (r >= 2) { results[k]!.connect.push(connect / links); results[k]!.echo.push(echo / links / 5) }
}
const med = (a: number[]) => [...a].sort((x, y) => x - y)[a.length >> 1]!
for (const k of kinds) console.log(k.padEnd(10), 'connect', med(results[k]!.connect).toFixed(1), 'x', (med(results[k]!.connect) / med(results[kinds[0]!]!.connect)).toFixed(2), 'echo', med(results[k]!.echo).toFixed(1), 'x', (med(results[k]!.echo) / med(results[kinds[0]!]!.echo)).toFixed(2))
process.exit()
