// An app as there are many: secret-stack 6.4 with ssb-conn, which finds the drop-in where it asks for ssb-conn-hub.
// It does what its parent says, and tells what its hub says.
const SecretStack = require('secret-stack')
const conn = require('ssb-conn')
const ssbKeys = require('ssb-keys')
const pull = require('pull-stream')

const [path, port, shs] = process.argv.slice(2)

const ssb = SecretStack({ caps: { shs } }).use(conn)({
  path,
  keys: ssbKeys.generate(),
  connections: {
    incoming: {
      net: [{ scope: 'device', transform: 'shs', host: '127.0.0.1', port: Number(port) }],
    },
    outgoing: { net: [{ transform: 'shs' }] },
  },
  timers: { inactivity: 600e3, handshake: 5e3 },
  conn: { autostart: false, populatePubs: false },
})

const tell = (message) => process.connected && process.send(message)
const hub = ssb.conn.hub()

pull(
  hub.listen(),
  pull.drain(({ type, address, key }) => tell({ event: type, address, key })),
)

const calls = {
  stage: ({ address, data }) => ssb.conn.stage(address, data),
  staged: () => [...ssb.conn.staging().entries()].map(([address]) => address),
  connect: ({ address, data = {} }) =>
    new Promise((resolve, reject) => {
      ssb.conn.connect(address, data, (error, rpc) => (error ? reject(error) : resolve(rpc.id)))
    }),
  disconnect: ({ address }) =>
    new Promise((resolve, reject) => {
      ssb.conn.disconnect(address, (error, done) => (error ? reject(error) : resolve(done)))
    }),
  connected: () => ssb.conn.query().peersConnected(),
  entries: () => [...hub.entries()],
  livePeers: () => Object.values(ssb.peers).flat().length,
  reset: () => hub.reset(),
  start: () => ssb.conn.start(),
  stop: () => ssb.conn.stop(),
  close: () => {
    ssb.close(true, () => process.disconnect())
  },
}

process.on('message', async ({ id, call, options }) => {
  try {
    tell({ id, value: await calls[call](options ?? {}) })
  } catch (error) {
    tell({ id, error: error.message })
  }
})
// A parent that is gone takes its apps along.
process.on('disconnect', () => ssb.closed || process.exit(0))

ssb.once('multiserver:listening', () => {
  // 1.2.1 is no plugin; what ssb-conn got is the drop-in.
  tell({ ready: true, id: ssb.id, isDropIn: hub.constructor.manifest !== undefined })
})
ssb.getAddress()
