// An sbot in a process of its own, so that it can be stopped. It tells its address, and goes with its parent.
const { createRequire } = require('node:module')

const inTestkit = createRequire(require.resolve('../../../tooling/testkit/package.json'))
const [version, shs, port] = process.argv.slice(2)

const keys = inTestkit('ssb-keys').generate()
const settings = {
  keys,
  caps: { shs },
  connections: {
    incoming: {
      net: [{ scope: 'device', transform: 'shs', host: '127.0.0.1', port: Number(port) }],
    },
    outgoing: { net: [{ transform: 'shs' }] },
  },
  timers: { inactivity: 600e3, handshake: 5e3 },
}
const ssb = inTestkit(`secret-stack-${version}`)()(
  version === '8.1' ? { ...settings, global: settings } : settings,
)
ssb.once('multiserver:listening', () => process.send(ssb.getAddress('device')))
process.on('disconnect', () => process.exit(0))
