import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { liveEntries } from '@conn-hub/async-iterator'
import { createHub } from '@conn-hub/core'
import { createWebSocketTransport, type WebSocketLink } from '@conn-hub/websocket'
import { WebSocketServer } from 'ws'
import { readSaid, type Told } from './messages.js'
import { servePages } from './pages.js'

const port = Number(process.argv[2] ?? 8080)
const pages = servePages(new URL('page/', import.meta.url))
const server = new WebSocketServer({ server: pages, path: '/chat' })
const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
const transport = createWebSocketTransport({ server, origins, maxMessage: 8_192 })
const hub = createHub<WebSocketLink, { name?: string }>({ transport })

const tell = (told: Told): void => {
  const text = JSON.stringify(told)
  for (const { address, sessions } of hub.snapshot()) {
    for (const session of sessions) {
      if (session.handle.send(text)) continue
      // Who reads too slowly would fill our memory, and can come again.
      void hub.disconnect(address, { session, reason: 'limit' })
    }
  }
}

hub.on('session', async ({ address, session }) => {
  for await (const message of session.handle) {
    const { name, text } = readSaid(message)
    if (name) hub.update(address, { name })
    if (text) tell({ line: { name: hub.get(address)?.data.name ?? 'somebody', text } })
  }
})

const tellWhoIsThere = async () => {
  for await (const entries of liveEntries(hub)) {
    tell({ names: entries.flatMap(({ data }) => data.name ?? []).sort() })
    // Of what changes meanwhile, the loop gets the newest alone: 500 who come at once are no 500 lists.
    await sleep(50)
  }
}

const end = async () => {
  await hub.reset('restart')
  await hub.close()
  server.close()
  pages.close()
  pages.closeAllConnections()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)

await once(pages.listen(port, '127.0.0.1'), 'listening')
console.log(`The chat is at http://127.0.0.1:${port}/`)
await tellWhoIsThere()
