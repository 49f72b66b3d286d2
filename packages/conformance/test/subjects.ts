import { once } from 'node:events'
import net from 'node:net'
import { type Direction, decorate, type Transport } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import {
  blocksOf,
  createFaultTransport,
  FaultSession,
  findPort,
  moduleOf,
  type SbotRpc,
  type SecretStackVersion,
  startSbot,
} from '@conn-hub/testkit'
import {
  type ConformanceOptions,
  createMemoryNetwork,
  type MemoryLink,
  type MemoryNetworkOptions,
  type Peer,
  type Subject,
} from '../src/index.js'

/** Two ends of the network inside the process. */
export const memory = (options: MemoryNetworkOptions = {}) => ({
  setup: () => {
    const { endpoint } = createMemoryNetwork(options)
    const [a, b] = [endpoint('a'), endpoint('b')]
    return {
      peers: [
        { transport: a, address: a.address },
        { transport: b, address: b.address },
      ],
      deadAddress: 'mem:nobody',
      noAddress: 'http://a',
    } satisfies Subject<MemoryLink>
  },
})

/** The accepting side learns of each session so many ms later than the one who dials. */
export const late = <S>(options: ConformanceOptions<Subject<S>>, ms: number) => ({
  setup: async (): Promise<Subject<S>> => {
    const subject = await options.setup()
    const delayed = <P extends Peer<S>>(peer: P): P => ({
      ...peer,
      transport: decorate(peer.transport, {
        listen: (accept, side, inner) =>
          inner((inbound) => void setTimeout(accept, ms, inbound), side),
      }),
    })
    const [first, second] = subject.peers
    return { ...subject, peers: [delayed(first), delayed(second)] }
  },
})

/** The double for faults, joined to another one, with no fault; in the second edition with all that it has of that. */
export const fault = (edition: 1 | 2): ConformanceOptions<Subject<FaultSession>> => ({
  setup: () => {
    const [a, b] = [createFaultTransport({ self: 'a' }), createFaultTransport({ self: 'b' })]
    const end = (direction: Direction, key: string) => {
      const session = new FaultSession(direction, key)
      if (edition === 2) session.onDestroy = 'at-once'
      return session
    }
    const follow = (session: FaultSession, other: FaultSession) =>
      session.onClosed(() => {
        const reason = edition === 2 ? session.reasons.at(-1) : undefined
        if (other.isOpen) other.end(undefined, reason)
      })
    const join = (from: typeof a, to: typeof a, name: string, other: string) => {
      from.onDial = (dial) => {
        if (dial.address !== `fault:${other}` || !to.listening) return dial.fail()
        const [ours, theirs] = [end('outbound', other), end('inbound', name)]
        follow(ours, theirs)
        follow(theirs, ours)
        if (edition === 2) dial.hold('waits its turn')()
        to.inbound(`fault:${name}`, theirs)
        dial.succeed(ours)
      }
    }
    join(a, b, 'a', 'b')
    join(b, a, 'b', 'a')
    return {
      peers: [
        { transport: a, address: 'fault:a' },
        { transport: b, address: 'fault:b' },
      ],
      deadAddress: 'fault:nobody',
      noAddress: 'http://a',
    }
  },
})

interface Tcp {
  createTcpTransport(server: net.Server): Transport<unknown>
}

const core = new URL('../../core/README.md', import.meta.url)

/** The example of core's README, over real sockets. */
export const tcp = (): ConformanceOptions<Subject<unknown>> => {
  const servers = new WeakMap<object, net.Server[]>()
  return {
    setup: async () => {
      const [, code = ''] = blocksOf(core, 'js')
      const { createTcpTransport } = await moduleOf<Tcp>(code, new URL('.', import.meta.url))
      const start = async () => {
        const server = net.createServer().listen(0, '127.0.0.1')
        await once(server, 'listening')
        const { port } = server.address() as net.AddressInfo
        return { server, transport: createTcpTransport(server), address: `tcp:127.0.0.1:${port}` }
      }
      const peers = [await start(), await start()] as const
      const subject: Subject<unknown> = {
        peers,
        deadAddress: `tcp:127.0.0.1:${await findPort()}`,
        noAddress: 'http://a',
      }
      servers.set(
        subject,
        peers.map(({ server }) => server),
      )
      return subject
    },
    teardown: (subject) => {
      for (const server of servers.get(subject) ?? []) if (server.listening) server.close()
    },
  }
}

/** Real sbots, over TCP with secret-handshake. */
export const sbots = (version: SecretStackVersion): ConformanceOptions<Subject<SbotRpc>> => {
  const ends = new WeakMap<object, () => Promise<unknown>>()
  return {
    setup: async () => {
      const [a, b] = [await startSbot({ version }), await startSbot({ version })]
      const key = a.address.split(':').at(-1)
      const subject: Subject<SbotRpc> = {
        peers: [
          { transport: toTransport(a.ssb), address: a.address },
          { transport: toTransport(b.ssb), address: b.address },
        ],
        deadAddress: `net:127.0.0.1:${await findPort()}~shs:${key}`,
        noAddress: 'not an address',
      }
      ends.set(subject, () => Promise.all([a.close(), b.close()]))
      return subject
    },
    teardown: (subject) => ends.get(subject)?.(),
  }
}
