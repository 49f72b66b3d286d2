import { createHub, dialer, isHubError } from '@conn-hub/core'
import { EVENTS, main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const told = []
  hub.on('*', ({ type }) => told.push(type))
  same(await hub.connect('play:anna'), 'play:anna')
  await hub.disconnect('play:anna')
  same(told, EVENTS)
  await hub.close()
  const error = await hub.connect('play:anna').catch((reason) => reason)
  same([isHubError(error), error.code], [true, 'HUB_CLOSED'])
})
