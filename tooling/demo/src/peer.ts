import type { Rpc } from '@conn-hub/secret-stack'
import { type Keys, startSbot } from './sbot.js'

// The program of one peer: a real sbot that does what its parent says.

export type Order = { readonly dial: string } | { readonly hangUp: true } | { readonly leave: true }

const keys = JSON.parse(process.argv[2] ?? 'null') as Keys
const ssb = await startSbot(keys)
const open = new Set<Rpc>()

ssb.addListener('rpc:connect', (rpc) => {
  open.add(rpc)
  rpc.on('closed', () => open.delete(rpc))
})

const hangUp = () => {
  for (const rpc of [...open]) rpc.close(true)
}

const leave = () => {
  hangUp()
  ssb.close(true, () => process.exit())
}

process.on('message', (order: Order) => {
  // Whether the dial works is seen at the other side.
  if ('dial' in order) ssb.connect(order.dial, () => {})
  else if ('hangUp' in order) hangUp()
  else leave()
})

// No peer outlives the demo, however that ended. An interrupt comes to the whole group: the parent says what to do.
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})

process.send?.({ address: ssb.getAddress() })
