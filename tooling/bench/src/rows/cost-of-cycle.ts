import { newKeys, toSsbAddress } from '../addresses.js'
import { timeOf } from '../clock.js'
import { closeBare, connectBare, createStubSbot, type StubRpc } from '../stub-sbot.js'
import type { Scene } from '../subjects/sbot-hubs.js'

/** In ns for each of so many new peers: all connect, one after the other, then all disconnect. */
export const costOfCycle = async (open: () => Scene, peers: number): Promise<number> => {
  const { hub, ssb } = open()
  const addresses = newKeys(peers).map(toSsbAddress)
  const alone = await costOfStub(addresses)
  const whole = await timeOf(async () => {
    for (const address of addresses) await hub.connect(address)
    if (openRpcs(ssb) !== peers) throw new Error('they are not all connected')
    for (const address of addresses) await hub.disconnect(address)
  })
  if (openRpcs(ssb) !== 0) throw new Error('they are not all disconnected')
  return (whole - alone) / peers
}

const costOfStub = (addresses: readonly string[]): Promise<number> => {
  const ssb = createStubSbot()
  return timeOf(async () => {
    const rpcs: StubRpc[] = []
    for (const address of addresses) rpcs.push(await connectBare(ssb, address))
    if (openRpcs(ssb) !== addresses.length) throw new Error('they are not all connected')
    for (const rpc of rpcs) await closeBare(rpc)
  })
}

const openRpcs = ({ peers }: Scene['ssb']): number => {
  let open = 0
  for (const id in peers) open += peers[id]?.length ?? 0
  return open
}
