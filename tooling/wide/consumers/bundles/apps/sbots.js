import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// The app's own, not to be bundled: secret-stack has no entry for `import`, and parts of it are native.
// Bundlers know `createRequire`, and replace it.
const { createRequire } = process.getBuiltinModule('node:module')
const load = createRequire(`${process.cwd()}/`)
const SecretStack = load('secret-stack')
const ssbKeys = load('ssb-keys')

const caps = { shs: randomBytes(32).toString('base64') }

/** A real sbot that listens. */
export const startSbot = async (plugin) => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address()
  free.close()
  await once(free, 'close')
  const stack = SecretStack()
  if (plugin) stack.use(plugin)
  const ssb = stack({ global: { keys: ssbKeys.generate(), caps, host: '127.0.0.1', port } })
  await once(ssb, 'multiserver:listening')
  return { ssb, address: `net:127.0.0.1:${port}~shs:${ssb.id.slice(1, -'.ed25519'.length)}` }
}
