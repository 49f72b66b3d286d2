import { watchContract } from '@conn-hub/conformance'
import { createHub, dialer } from '@conn-hub/core'
import { main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const broken = []
  const watch = watchContract(hub, { onBroken: (error) => broken.push(error.message) })
  await hub.connect('play:anna')
  watch.check()
  await hub.close()
  watch.stop()
  same(broken, [])
})
