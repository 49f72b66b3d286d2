import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { createHub } from '@conn-hub/core'
import { createTcpTransport } from './transport.js'

/** A hub with a key of its own, that others can dial at `address`. */
const start = async (name: string) => {
  const server = net.createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const transport = createTcpTransport(server, generateKeyPairSync('ed25519'))
  const hub = createHub({ transport })
  hub.on('*', ({ type, key }) => console.log(`${name}: ${type}, ${key?.slice(0, 6)}`))
  const { port } = server.address() as AddressInfo
  return { hub, server, address: `tcp:127.0.0.1:${port}:${transport.self}` }
}

const [anna, ben] = [await start('anna'), await start('ben')]

ben.hub.on('session', ({ session }) => {
  session.handle.on('data', (data) => {
    console.log(`ben hears: ${data}`)
    session.handle.write('hello anna')
  })
})

const socket = await anna.hub.connect(ben.address)
socket.write('hello ben')
console.log(`anna hears: ${(await once(socket, 'data'))[0]}`)

// Whoever dials one key and finds another is told so, and has no link.
const another = `${ben.address.slice(0, -6)}AAAAAA`
await anna.hub.connect(another).catch(({ message }) => console.log(`anna: ${message}`))

await Promise.all([anna.hub.close(), ben.hub.close()])
for (const { server } of [anna, ben]) server.close()
