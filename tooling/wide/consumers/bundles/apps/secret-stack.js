import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { startSbot } from './sbots.js'
import { EVENTS, main, same } from './support.js'

main(async () => {
  const [alice, bob] = await Promise.all([startSbot(), startSbot()])
  const hub = createHub({ transport: toTransport(alice.ssb) })
  const told = []
  hub.on('*', ({ type }) => told.push(type))
  const rpc = await hub.connect(bob.address)
  same(rpc.id, bob.ssb.id)
  await hub.close()
  same(told, EVENTS)
  for (const { ssb } of [alice, bob]) ssb.close(true)
})
