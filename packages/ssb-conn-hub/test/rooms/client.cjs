// An app as there are many: secret-stack 6.4 with ssb-conn and ssb-room-client, and friends whom its scheduler dials.
const { createRequire } = require('node:module')
const pull = require('pull-stream')
const SecretStack = require('secret-stack')
const { obey, pingEvery, tell } = require('./parts.cjs')

const { path, port, keys, shs, inactivity, ping, friends, autostart } = JSON.parse(process.argv[2])
pingEvery(ping, createRequire(require.resolve('ssb-conn')))

/** In the place of ssb-friends: the scheduler dials whom it knows. */
const friendsPlugin = {
  name: 'friends',
  version: '1.0.0',
  init: () => ({
    hopStream: () => pull.values([Object.fromEntries(friends.map((id) => [id, 1]))]),
  }),
}

const ssb = SecretStack({ caps: { shs } })
  .use(friendsPlugin)
  .use(require('ssb-conn'))
  .use(require('ssb-room-client'))({
  path,
  keys,
  connections: {
    incoming: {
      net: [{ scope: 'device', transform: 'shs', host: '127.0.0.1', port }],
      tunnel: [{ scope: 'public', transform: 'shs' }],
    },
    outgoing: { net: [{ transform: 'shs' }], tunnel: [{ transform: 'shs' }] },
  },
  timers: { inactivity, handshake: 5e3 },
  conn: { autostart, populatePubs: false },
})
const hub = ssb.conn.hub()

pull(
  hub.listen(),
  pull.drain(({ type, address, details }) =>
    tell({ event: type, address, isClient: details?.isClient }),
  ),
)

const called = (run) =>
  new Promise((resolve, reject) => {
    run((error, value) => (error ? reject(error) : resolve(value)))
  })

const isTunnel = ({ stream }) => !String(stream.address).startsWith('net:')

/** How many tunnels are open to each peer. */
const tunnels = () => {
  const open = Object.entries(ssb.peers).map(([id, rpcs]) => [id, rpcs.filter(isTunnel).length])
  return Object.fromEntries(open.filter(([, count]) => count > 0))
}

let ended = 0
ssb.on('rpc:connect', (rpc) => {
  if (isTunnel(rpc)) rpc.once('closed', () => ended++)
})

obey({
  remember: ({ address, data }) => ssb.conn.remember(address, data),
  connect: ({ address, at = 0 }) =>
    new Promise((resolve) => {
      setTimeout(resolve, at - Date.now())
    }).then(() => called((cb) => ssb.conn.connect(address, cb)).then((rpc) => rpc?.id)),
  disconnect: ({ address }) => called((cb) => ssb.conn.disconnect(address, cb)),
  /** Closes one rpc of several, without the hub. */
  closeOne: ({ id }) => called((cb) => ssb.peers[id][0].close(true, cb)),
  /** How many the room says are there. */
  online: () => Math.max(0, ...[...hub.entries()].map(([, data]) => data.onlineCount ?? 0)),
  tunnels,
  /** How many tunnels have ended so far. */
  ended: () => ended,
  entries: () => [...hub.entries()].map(([address, { state, key }]) => ({ address, state, key })),
  isDropIn: () => hub.constructor.manifest !== undefined,
})

ssb.once('multiserver:listening', () => tell({ ready: true }))
ssb.getAddress()
