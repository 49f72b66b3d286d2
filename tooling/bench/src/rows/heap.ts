import { createHub } from '@conn-hub/core'
import { flat, newKeys, toSsbAddress } from '../addresses.js'
import { growthBy } from '../heap.js'
import { type Measures, OURS, type Row, ratios, type Sample, type Size, valuesOf } from '../row.js'
import { connectBare, createStubSbot, type StubRpc } from '../stub-sbot.js'
import { memoryTransport, openLink, toMemoryAddress } from '../subjects/memory-transport.js'
import { ORIGINAL, original, ours, type Stage } from '../subjects/sbot-hubs.js'

const OUR_DROP_IN = 'our drop-in'
const MOST = 620
const entriesOf = (size: Size) => size(20_000, 2_000)

/** In bytes for each entry: what the hub adds to links that are open anyhow. Addresses exist in both cases. */
const perEntry = async (
  number: number,
  withHub: () => Promise<unknown>,
  without: () => Promise<unknown>,
): Promise<Measures> => {
  // What the engine learns stays in memory too: let it learn first.
  await growthBy(without)
  await growthBy(withHub)
  const bare = await growthBy(without)
  const managed = await growthBy(withHub)
  return { bytes: (managed - bare) / number, link: bare / number }
}

const core: Sample = async (size) => {
  const addresses = newKeys(entriesOf(size)).map((key) => flat(toMemoryAddress(key)))
  const withHub = async () => {
    const hub = createHub({ transport: memoryTransport })
    for (const address of addresses) await hub.connect(address)
    return hub
  }
  const without = async () => addresses.map(openLink)
  return perEntry(addresses.length, withHub, without)
}

const onStub =
  (stage: Stage): Sample =>
  async (size) => {
    const open = await stage()
    const addresses = newKeys(entriesOf(size)).map(toSsbAddress)
    const withHub = async () => {
      const { hub, ssb } = open()
      for (const address of addresses) await hub.connect(address)
      return { hub, ssb }
    }
    const without = async () => {
      const ssb = createStubSbot()
      const rpcs: StubRpc[] = []
      for (const address of addresses) rpcs.push(await connectBare(ssb, address))
      return { ssb, rpcs }
    }
    return perEntry(addresses.length, withHub, without)
  }

export const heap: Row = {
  id: 'heap',
  subjects: {
    [OURS]: core,
    [OUR_DROP_IN]: onStub(ours),
    [ORIGINAL]: onStub(original),
  },
  figures: (rounds) => {
    const work = 'heap for an idle connected entry'
    const of = (name: string) => valuesOf(rounds, name, 'bytes')
    const bytes = (name: string) => ({
      work: `${work}: ${name}`,
      against: 'the same links without a hub',
      unit: 'bytes' as const,
      values: of(name),
    })
    return [
      { ...bytes(OURS), work: `${work}: our core` },
      { ...bytes(OUR_DROP_IN), reach: { atMost: MOST } },
      bytes(ORIGINAL),
      {
        work: `${work}: ${OUR_DROP_IN}`,
        against: ORIGINAL,
        unit: 'smaller',
        values: ratios(of(ORIGINAL), of(OUR_DROP_IN)),
      },
    ]
  },
}
