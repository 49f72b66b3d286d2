import { createHub, dialer } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const view = createView(hub, 'entries')
  view.start(() => {})
  await hub.connect('play:anna')
  same(
    view.take().map(({ address }) => address),
    ['play:anna'],
  )
  view.stop()
  await hub.close()
})
