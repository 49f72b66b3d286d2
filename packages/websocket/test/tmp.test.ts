import { it } from 'vitest'
import { webcrypto } from 'node:crypto'
import { createServed, startServer, createDialer, until } from './support.js'
import { keyIdentity } from '../src/index.js'
it('self', async () => {
  const { server, port, url } = await startServer()
  const keys: any = await webcrypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  const identity = await keyIdentity({ keys, hosts: [`127.0.0.1:${port}`] })
  const t0 = Date.now()
  const log = (...a: unknown[]) => console.log(Date.now() - t0, ...a)
  const a = createDialer({ server, identity }, { closeTimeout: 5000, onError: (e: any, o: any) => log(e, o) })
  a.hub.on('refused', (r) => log('refused', r))
  server.on('connection', (s) => s.on('close', (c, r) => log('server side closed', c, String(r))))
  await a.hub.connect(url).catch((e) => log(e.code, e.message))
  log('connect done')
  await a.hub.close()
  log('closed')
})
