import ConnHub from '@conn-hub/ssb-conn-hub'
import { startSbot } from './sbots.js'
import { main, same } from './support.js'

main(async () => {
  const [alice, bob] = await Promise.all([startSbot(), startSbot()])
  const hub = new ConnHub(alice.ssb)
  const rpc = await hub.connect(bob.address)
  same([rpc.id, hub.getState(bob.address)], [bob.ssb.id, 'connected'])
  same(await hub.disconnect(bob.address), true)
  hub.close()
  for (const { ssb } of [alice, bob]) ssb.close(true)
})
