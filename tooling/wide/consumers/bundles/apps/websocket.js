import { createHub } from '@conn-hub/core'
import { createWebSocketTransport } from '@conn-hub/websocket'
import { main, same } from './support.js'

// `ws` is the app's own, as sbots are; a page has no server at all, and dials one that is not there.
const talk = async () => {
  const { createRequire } = process.getBuiltinModule('node:module')
  const { WebSocket, WebSocketServer } = createRequire(`${process.cwd()}/`)('ws')
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const there = createHub({ transport: createWebSocketTransport({ server }) })
  there.on('session', ({ session }) => session.handle.send('hello'))
  const here = createHub({ transport: createWebSocketTransport({ WebSocket }) })
  const link = await here.connect(`ws://127.0.0.1:${server.address().port}/`)
  for await (const message of link) {
    same(message, 'hello')
    break
  }
  await Promise.all([here.close(), there.close()])
  server.close()
}

const fail = async () => {
  const hub = createHub({ transport: createWebSocketTransport() })
  const outcome = await hub.connect(`ws://${location.host}/nothing`).catch((reason) => reason)
  same([typeof outcome.code, hub.size], ['string', 0])
  await hub.close()
}

main(globalThis.document ? fail : talk)
