import { type DialAttempt, type Session, withOutcome } from '@conn-hub/core'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { conformance, createMemoryNetwork, type MemoryLink, type Subject } from '../src/index.js'
import { type Break, type Breakable, dialing, listening, other } from './breaks.js'
import { judge } from './judge.js'
import { memory } from './subjects.js'

// What a transport may do, and the rules have nothing against.

const right = (change: Break) => ({
  setup: () => {
    const subject = memory({ latency: 1 }).setup()
    const [here, there] = subject.peers.map(({ transport }) => transport as Breakable)
    for (const [one, two] of [
      [here, there],
      [there, here],
    ]) {
      change(one as Breakable, two as Breakable)
    }
    return subject
  },
})

/** Asks first whether anybody is there; `answer` tells a dial that nobody is. */
const refusing =
  (answer: (error: Error) => unknown): Break =>
  (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => {
      if (address === 'mem:nobody') return answer(new Error('nobody is there')) as undefined
      return dial(address, attempt)
    }
  }

/** A session of the first edition: none of the members that came with the second. */
const first = ({ handle, direction, key }: MemoryLink): Session<MemoryLink> => ({
  handle,
  direction,
  key,
  close: () => handle.close(),
  onClosed: (listener) => handle.onClosed((error) => listener(error)),
})

const RIGHT: Record<string, Break> = {
  'whose dial() throws': refusing((error) => {
    throw error
  }),
  'whose dial() rejects': refusing((error) => Promise.reject(error)),
  'whose dial() gives a promise of nothing': (here) => {
    const dial = here.dial.bind(here)
    here.dial = (async (address: string, attempt: never) => {
      await Promise.resolve()
      dial(address, attempt)
    }) as never
  },
  'that holds its dials, and releases them': (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => {
      const release = attempt.hold('waits its turn')
      setTimeout(() => {
        release()
        release()
        dial(address, attempt)
      }, 2)
    }
  },
  'that leaves its queue when the attempt has ended': (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => {
      const timer = setTimeout(() => dial(address, attempt), 2)
      attempt.ended(() => clearTimeout(timer))
    }
  },
  'of the first edition': (here) => {
    listening(here, (listen, accept, side) =>
      listen(({ address, session }) => accept({ address, session: first(session.handle) }), side),
    )
    dialing((attempt) => ({ succeed: (link) => attempt.succeed(first(link.handle)) }))(here, here)
  },
  'whose close() gives a promise that never settles': dialing((attempt) => ({
    succeed: (link) => {
      const close = (reason: string) => {
        link.handle.close(reason)
        return new Promise<void>(() => {})
      }
      attempt.succeed(other(link, { close }))
    },
  })),
  'whose onClosed() makes an error for each listener': dialing((attempt) => ({
    succeed: (link) => {
      const onClosed: typeof link.onClosed = (listener) =>
        link.onClosed(() => listener(new Error('it has ended')))
      attempt.succeed(other(link, { onClosed }))
    },
  })),
  'whose destroy() gives what the socket gave': dialing((attempt) => ({
    succeed: (link) =>
      attempt.succeed(
        other(link, {
          destroy: () => {
            link.handle.destroy()
            return link as never
          },
        }),
      ),
  })),
}

describe.each(Object.entries(RIGHT))('a transport %s', { concurrent: true }, (_, change) => {
  for (const each of conformance(right(change))) it(each.name, judge(each))
})

describe('a peer that only dials', () => {
  const setup = (): Subject<MemoryLink> => {
    const { endpoint } = createMemoryNetwork({ latency: 1 })
    const { listen, ...page } = endpoint('page')
    const server = endpoint('server')
    expect(listen).toBeTypeOf('function')
    return {
      peers: [
        { transport: server, address: server.address },
        { transport: page, listens: false },
      ],
      deadAddress: 'mem:nobody',
      noAddress: 'http://a',
    }
  }
  const cases = conformance({ setup })

  it('is judged by all rules but those that dial it', async () => {
    const notJudged: Record<string, string> = {}
    for (const { name, run } of cases) {
      const why = await run()
      if (why !== undefined) notJudged[name] = why
    }
    expect(notJudged).toEqual({
      'dial() releases what it holds before the link opens': 'its dial() holds no attempt',
      'two hubs that dial each other at once agree': 'one of the peers only dials',
      'a hub does not connect to itself': 'one of the peers only dials',
    })
  })

  it('is broken where it breaks a rule', async () => {
    const broken = conformance({
      patience: 60,
      setup: () => {
        const subject = setup()
        Object.assign(subject.peers[1].transport, { dial: () => {} })
        return subject
      },
    })
    const found = broken.find(
      ({ name }) => name === 'two hubs see the same connection, and its end',
    )
    await expect(found?.run()).rejects.toMatchObject({ code: 'NOT_CONFORMANT' })
  })

  it('needs one that listens', async () => {
    const { transport } = setup().peers[1]
    const peer = { transport, listens: false } as const
    const [first] = conformance({
      setup: (): Subject<MemoryLink> => ({ peers: [peer, peer], deadAddress: 'mem:nobody' }),
    })
    await expect(first?.run()).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  it('that is given as one that listens is told what to say', async () => {
    const peer = { transport: setup().peers[1].transport, address: 'mem:page' }
    const both = conformance({
      setup: (): Subject<MemoryLink> => ({ peers: [peer, peer], deadAddress: 'mem:nobody' }),
    })
    const found = both.find(({ name }) => name === 'listen() says who is there')
    await expect(found?.run()).rejects.toThrow(
      'a peer without listen() is one with `listens: false`',
    )
  })
})

describe('the subject', () => {
  it('comes back to teardown as setup made it, with its own fields', async () => {
    const ends = vi.fn()
    const { endpoint } = createMemoryNetwork()
    const peer = (name: string) => {
      const transport = endpoint(name)
      return { transport, address: transport.address, server: { close: () => ends(name) } }
    }
    const [only] = conformance({
      setup: async () => ({ peers: [peer('a'), peer('b')], deadAddress: 'mem:c', nonce: 7 }),
      teardown: (subject) => {
        expectTypeOf(subject.nonce).toEqualTypeOf<number>()
        for (const { server } of subject.peers) server.close()
      },
    })
    await only?.run()
    expect(ends.mock.calls).toEqual([['a'], ['b']])
  })
})

it('says of a promise of a session that dialer() is missing', async () => {
  const forgotten: Break = (here) => {
    const dial = here.dial.bind(here)
    here.dial = ((address: string, attempt: DialAttempt<MemoryLink>) =>
      new Promise((succeed, fail) =>
        dial(address, withOutcome(attempt, { succeed, fail })),
      )) as never
  }
  const found = conformance(right(forgotten)).find(({ name }) => name === 'onClosed() tells once')
  await expect(found?.run()).rejects.toThrow('dial() gave a promise of a session: use dialer()')
})
