import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { heapInUse } from '../heap.js'
import { type Row, ratios, type Sample, valuesOf } from '../row.js'
import type { Kind, Order } from '../websocket/messages.js'
import { type EchoServer, startServer } from '../websocket/servers.js'

const CLIENTS = fileURLToPath(new URL('./clients.js', import.meta.url))

const WS = 'ws 8.23.0, bare'
const TOKEN = 'ours, with tokens'
const KEY = 'ours, with keys'
const SOCKET_IO = 'socket.io 4.8.4'

/** In ns of the processor, of this process alone. */
const costOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1_000
}

const whenSize = async (server: EchoServer, size: number): Promise<void> => {
  while (server.size() !== size) await new Promise((resolve) => setTimeout(resolve, 5))
}

const sample =
  (kind: Kind): Sample =>
  async (size) => {
    const [links, rounds] = [size(2_000, 100), size(40_000, 500)]
    const server = await startServer[kind]()
    const clients = fork(CLIENTS, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const order = async (given: Order) => {
      clients.send(given)
      await once(clients, 'message')
    }
    const open = async () => {
      await order({ do: 'open', kind, port: server.port, count: links })
      await whenSize(server, links)
    }
    const close = async () => {
      await order({ do: 'close' })
      await whenSize(server, 0)
    }
    // The engine learns first.
    for (let i = 0; i < 2; i++) {
      await open()
      await order({ do: 'echo', rounds })
      await close()
    }
    const before = await heapInUse()
    const connect = await costOf(open)
    const heap = (await heapInUse()) - before
    const echo = await costOf(() => order({ do: 'echo', rounds }))
    await close()
    const left = (await heapInUse()) - before
    clients.disconnect()
    server.close()
    return { connect: connect / links, heap: heap / links, echo: echo / rounds, left }
  }

export const websocket: Row = {
  id: 'websocket',
  subjects: {
    [WS]: sample('ws'),
    [TOKEN]: sample('token'),
    [KEY]: sample('key'),
    [SOCKET_IO]: sample('socket.io'),
  },
  figures: (rounds) => {
    const times = (subject: string, measure: string, what: string, atMost?: number) => ({
      work: `server CPU for ${what}: ${subject}`,
      against: WS,
      unit: 'times' as const,
      values: ratios(valuesOf(rounds, subject, measure), valuesOf(rounds, WS, measure)),
      ...(atMost === undefined ? undefined : { reach: { atMost } }),
    })
    const heap = (subject: string, atMost?: number) => ({
      work: `heap for a WebSocket: ${subject}`,
      against: 'no link',
      unit: 'bytes' as const,
      values: valuesOf(rounds, subject, 'heap'),
      ...(atMost === undefined ? undefined : { reach: { atMost } }),
    })
    return [
      times(TOKEN, 'connect', 'a connect', 1.7),
      times(KEY, 'connect', 'a connect', 3.5),
      times(SOCKET_IO, 'connect', 'a connect'),
      times(TOKEN, 'echo', 'an echo of 100 bytes', 1.3),
      times(SOCKET_IO, 'echo', 'an echo of 100 bytes'),
      heap(WS),
      heap(TOKEN, 5_120),
      heap(SOCKET_IO),
    ]
  },
}
