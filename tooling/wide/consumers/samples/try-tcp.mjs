import { once } from 'node:events'
import net from 'node:net'
import { createHub } from '@conn-hub/core'
import { createTcpTransport } from './tcp.mjs'

// Two hubs over the TCP transport of the README talk.
const start = async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const hub = createHub({ transport: createTcpTransport(server) })
  return { hub, address: `tcp:127.0.0.1:${server.address().port}` }
}
const [a, b] = await Promise.all([start(), start()])
b.hub.on('connected', ({ session }) => {
  session.handle.lines.on('line', (line) => session.handle.send(`you said ${line}`))
})
const peer = await a.hub.connect(b.address)
peer.send('hello')
const [line] = await once(peer.lines, 'line')
console.log(line)
await Promise.all([a.hub.close(), b.hub.close()])
