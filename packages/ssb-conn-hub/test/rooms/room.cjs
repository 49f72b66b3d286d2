// ssb-room 1.3.0, of its own parts, but for its web page and its fixed port.
const { createRequire } = require('node:module')
const { obey, pingEvery, tell } = require('./parts.cjs')

const { path, port, keys, shs, inactivity, ping } = JSON.parse(process.argv[2])
const ofRoom = createRequire(require.resolve('ssb-room/package.json'))
pingEvery(ping, createRequire(ofRoom.resolve('ssb-conn')))

const ssb = ofRoom('secret-stack')({ caps: { shs } })
  .use(ofRoom('ssb-master'))
  .use(ofRoom('ssb-conn'))
  .use(ofRoom('./tunnel/server'))
  .use(ofRoom('./ssb-shims'))({
  path,
  keys,
  connections: {
    incoming: { net: [{ scope: 'device', transform: 'shs', host: '127.0.0.1', port }] },
    outgoing: { net: [{ transform: 'shs' }] },
  },
  timers: { inactivity, handshake: 5e3 },
  conn: { autostart: false, populatePubs: false },
})

obey({ close: () => ssb.close(true, () => process.exit(0)) })
ssb.once('multiserver:listening', () => tell({ ready: true }))
ssb.getAddress()
