const { once } = require('node:events')
const { createHub } = require('@conn-hub/core')
const { createWebSocketTransport } = require('@conn-hub/websocket')
const { WebSocket, WebSocketServer } = require('ws')

// Real sockets need `process.nextTick`, which the fake timers of this project replace.
test('two hubs over websockets talk under Jest', async () => {
  jest.useRealTimers()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const there = createHub({ transport: createWebSocketTransport({ server }) })
  there.on('session', ({ session }) => session.handle.send('hello'))
  const here = createHub({ transport: createWebSocketTransport({ WebSocket }) })
  const link = await here.connect(`ws://127.0.0.1:${server.address().port}/`)
  for await (const message of link) {
    expect(message).toBe('hello')
    break
  }
  await Promise.all([here.close(), there.close()])
  server.close()
})
