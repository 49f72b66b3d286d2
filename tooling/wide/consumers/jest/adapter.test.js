const { EventEmitter } = require('node:events')
const { createHub } = require('@conn-hub/core')
const { toTransport } = require('@conn-hub/secret-stack')
const { turns } = require('./support.js')

// A real sbot needs `process.nextTick`, which is faked here: its sockets would stand still.

const keyOf = (letter) => `@${letter.repeat(43)}=.ed25519`
const addressOf = (letter) => `net:10.0.0.1:8008~shs:${letter.repeat(43)}=`

const createRpc = (letter) => {
  const rpc = Object.assign(new EventEmitter(), {
    id: keyOf(letter),
    stream: { address: addressOf(letter) },
    close: (_, callback) => {
      rpc.emit('closed')
      callback()
    },
  })
  return rpc
}

test('an rpc that the hub did not dial becomes an entry, also while the hub dials', async () => {
  const dials = []
  const ssb = Object.assign(new EventEmitter(), {
    id: keyOf('s'),
    connect: (address, callback) => dials.push({ address, callback }),
  })
  const hub = createHub({ transport: toTransport(ssb) })
  const connecting = hub.connect(addressOf('a'))
  // Somebody else dialed b.
  ssb.emit('rpc:connect', createRpc('b'), true)
  await turns()
  expect(hub.getState(addressOf('b'))).toBe('connected')
  const rpc = createRpc('a')
  ssb.emit('rpc:connect', rpc, true)
  dials[0].callback(null, rpc)
  expect(await connecting).toBe(rpc)
  // And they dial us.
  ssb.emit('rpc:connect', createRpc('c'), false)
  expect(hub.getState(addressOf('c'))).toBe('connected')
  await hub.close()
})
