import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import type { Sbot, SbotRpc } from '@conn-hub/testkit'
import { newKeys, toSsbAddress } from '../addresses.js'
import { measure, timeOf } from '../clock.js'
import { OURS, type Row, valuesOf } from '../row.js'
import { median } from '../statistics.js'
import { connectBare, createStubSbot } from '../stub-sbot.js'

/** An sbot keeps a closed rpc until it has been idle for so long, and looks at all that it keeps. */
const config = { timers: { inactivity: 1_000, handshake: 5_000 } }

const dialBare = ({ ssb }: Sbot, { address }: Sbot): Promise<SbotRpc> =>
  new Promise((resolve, reject) => {
    ssb.connect(address, (error, rpc) => (rpc ? resolve(rpc) : reject(error)))
  })

const hangUp = (rpc: SbotRpc): Promise<void> =>
  new Promise((resolve, reject) => {
    rpc.close(true, (error) => (error ? reject(error) : resolve()))
  })

/** In ns: a connect without a hub, and one with it, by turns; each is closed before the next. */
const measurePairs = async (pairs: number) => {
  const { startSbot, until } = await import('@conn-hub/testkit')
  const start = () => startSbot({ config })
  // The hub has an sbot of its own, because it hears of every rpc of its sbot.
  const [us, other, peer] = await Promise.all([start(), start(), start()])
  const hub = createHub({ transport: toTransport<SbotRpc>(us.ssb) })
  const bare: number[] = []
  const managed: number[] = []
  const withoutHub = async () => {
    let rpc: SbotRpc | undefined
    bare.push(
      await timeOf(async () => {
        rpc = await dialBare(other, peer)
      }),
    )
    await hangUp(rpc as SbotRpc)
  }
  const withHub = async () => {
    managed.push(await timeOf(() => hub.connect(peer.address)))
    await hub.disconnect(peer.address)
  }
  const alone = () => Object.values(peer.ssb.peers).flat().length === 0
  for (let i = 0; i < pairs; i++) {
    for (const connect of i % 2 === 0 ? [withoutHub, withHub] : [withHub, withoutHub]) {
      await connect()
      // The end of one must not be part of the next.
      await until(alone, 'the peer has heard of the end too')
    }
  }
  await hub.close()
  await Promise.all([us, other, peer].map((sbot) => sbot.close()))
  return { bare, managed }
}

/** The first connects of a process, without the very first; and those of one that has made a thousand. */
const COLD = [150, 300] as const
const WARM = [1_000, 1_150] as const

/** In ns: what the same hub takes for a connect where the sbot below is a stub, without the stub. */
const costOfConnect = async (peers: number): Promise<number> => {
  const addresses = newKeys(peers).map(toSsbAddress)
  const stub = createStubSbot()
  const hub = createHub({ transport: toTransport(createStubSbot()) })
  const alone = await timeOf(async () => {
    for (const address of addresses) await connectBare(stub, address)
  })
  const whole = await timeOf(async () => {
    for (const address of addresses) await hub.connect(address)
  })
  await hub.close()
  return (whole - alone) / peers
}

export const realSbots: Row = {
  id: 'real-sbots',
  subjects: {
    [OURS]: async (size) => {
      const { bare, managed } = await measurePairs(size(WARM[1], 40))
      const own = await measure(() => costOfConnect(200))
      const between = (all: readonly number[], [from, to]: readonly [number, number]) =>
        median(all.slice(size(from, 20), size(to, 40)))
      const share = (when: readonly [number, number]) =>
        (1 - between(bare, when) / between(managed, when)) * 100
      const without = between(bare, WARM)
      return { byItself: (own / (own + without)) * 100, warm: share(WARM), cold: share(COLD) }
    },
  },
  figures: (rounds) => {
    const SHARES = [
      ['byItself', 'by its own time as with the stub sbot', 0.2],
      ['warm', 'by the difference of both times, after 1,000 connects', 6],
      ['cold', 'by the difference of both times, cold', 10],
    ] as const
    return SHARES.map(([measure, how, atMost]) => ({
      work: `connect of real sbots: the share of the hub, ${how}`,
      against: 'the same without a hub',
      unit: 'percent',
      values: valuesOf(rounds, OURS, measure),
      reach: { atMost },
    }))
  },
}
