import type { DialAttempt, Session, Transport } from '@conn-hub/core'
import type { MemoryLink } from '@conn-hub/testkit'

type Breakable = { -readonly [K in keyof Transport<MemoryLink>]: Transport<MemoryLink>[K] }
type Link = Session<MemoryLink>

/** Breaks a network of two peers, `here` who dials first and `there`. */
export type Break = (here: Breakable, there: Breakable) => void

/** A link that does one thing otherwise. */
const other = (link: Link, otherwise: Partial<Link>): Link => ({
  handle: link.handle,
  direction: link.direction,
  key: link.key,
  close: () => link.close(),
  onClosed: (listener) => link.onClosed(listener),
  ...otherwise,
})

const dialing =
  (
    dial: (
      attempt: DialAttempt<MemoryLink>,
      signal: AbortSignal,
    ) => Partial<DialAttempt<MemoryLink>>,
  ): Break =>
  (here) => {
    const original = here.dial.bind(here)
    here.dial = (address, attempt) => {
      const { signal } = attempt
      const succeed = (link: Link) => attempt.succeed(link)
      const fail = (error: unknown) => attempt.fail(error)
      original(address, { signal, succeed, fail, ...dial(attempt, signal) })
    }
  }

/** Each session that `here` dials is another one. */
const dialed = (change: (link: Link) => Link): Break =>
  dialing((attempt) => ({ succeed: (link) => attempt.succeed(change(link)) }))

/** Each session that `there` is handed over is another one, or none, or several. */
const handedOver =
  (change: (link: Link, address: string) => { address: string; session: Link }[]): Break =>
  (_, there) => {
    const listen = there.listen?.bind(there)
    there.listen = (accept) =>
      (listen as NonNullable<typeof listen>)(({ address, session }) => {
        for (const inbound of change(session, address)) accept(inbound)
      })
  }

const arriving = (change: (link: Link) => Link): Break =>
  handedOver((session, address) => [{ address, session: change(session) }])

const deaf = (link: Link): Link => other(link, { onClosed: () => {} })

/** For each case, a transport that breaks its rule and little else. */
export const BREAKS: Record<string, Break> = {
  'describe() reads an address at once': (here) => {
    here.describe = (async () => ({})) as never
  },
  'describe() says the same each time': (here) => {
    let times = 0
    here.describe = () => ({ kind: `kind ${times++}` })
  },
  'describe() throws where it can read no address': (here) => {
    here.describe = () => ({})
  },
  'dial() opens an outbound session': dialed((link) => other(link, { direction: 'inbound' })),
  'dial() reaches the peer that the address names': dialed((link) =>
    other(link, { key: 'mallory' }),
  ),
  'dial() settles its attempt once': dialing((attempt) => ({
    succeed: (link) => {
      attempt.succeed(link)
      link.onClosed(() => attempt.fail(new Error('it has closed')))
    },
  })),
  'dial() fails where nobody answers': dialing(() => ({ fail: () => {} })),
  'dial() makes a session of its own for each link': (() => {
    let only: Link | undefined
    return dialed((link) => {
      only ??= other(link, {})
      return Object.assign(only, other(link, {}))
    })
  })(),
  'dial() leaves nothing open when its signal aborts': (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => {
      const succeed = (link: Link) =>
        queueMicrotask(() => attempt.signal.aborted || attempt.succeed(link))
      dial(address, { signal: attempt.signal, succeed, fail: attempt.fail })
    }
  },
  'listen() hands over each session that others open, once': handedOver((session, address) => [
    { address, session },
    { address, session: other(session, {}) },
  ]),
  'listen() says who is there': arriving((link) => other(link, { key: 'mallory' })),
  'listen() hands over nothing once it was ended': (_, there) => {
    const listen = there.listen?.bind(there)
    there.listen = (accept) => {
      listen?.(accept)
      return () => {}
    }
  },
  'close() of the one who dialed is told at both ends': arriving(deaf),
  'close() of the one who was dialed is told at both ends': arriving((link) =>
    other(link, { close: () => {} }),
  ),
  'onClosed() tells once': dialed((link) =>
    other(link, {
      onClosed: (listener) =>
        link.onClosed(() => {
          listener()
          queueMicrotask(listener)
        }),
    }),
  ),
  'onClosed() tells nothing while the link is open': dialed((link) =>
    other(link, { onClosed: (listener) => queueMicrotask(listener) }),
  ),
  'onClosed() tells also who asks after the end': dialed((link) =>
    other(link, { onClosed: (listener) => void (link.handle.open && link.onClosed(listener)) }),
  ),
  'close() may be called again': dialed((link) =>
    other(link, {
      close: () => {
        if (!link.handle.open) throw new Error('it has closed already')
        link.close()
      },
    }),
  ),
  'two hubs see the same connection, and its end': handedOver(() => []),
  'two hubs that dial each other at once agree': (() => {
    let arrived = 0
    return handedOver((session, address) => (arrived++ === 0 ? [] : [{ address, session }]))
  })(),
  'a hub that closes leaves nothing open at the other side': arriving(deaf),
  'a hub does not connect to itself': (here) => {
    here.describe = () => ({})
    Object.assign(here, { self: 'somebody else' })
  },
  'many rounds end where they began': (() => {
    let arrived = 0
    return arriving((link) => (++arrived % 5 === 0 ? deaf(link) : link))
  })(),
}
