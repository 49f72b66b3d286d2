// The two things of the testkit that scripts by hand need: the whole of it leads to secret-stack.
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

export { until } from '../../../../tooling/testkit/src/until.js'

export const findPort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
