import {
  type DialAttempt,
  type Outcome,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { MemoryLink } from '../src/index.js'

export type Breakable = { -readonly [K in keyof Transport<MemoryLink>]: Transport<MemoryLink>[K] }
export type Link = Session<MemoryLink>

/** Breaks a network of two peers, `here` who dials first and `there`. */
export type Break = (here: Breakable, there: Breakable) => void

/** A link that does one thing otherwise. */
export const other = (link: Link, otherwise: Partial<Link>): Link => ({
  handle: link.handle,
  direction: link.direction,
  key: link.key,
  close: (reason) => link.close(reason),
  destroy: () => link.destroy?.(),
  onClosed: (listener) => link.onClosed(listener),
  probe: async (signal) => link.probe?.(signal),
  traffic: () => link.traffic?.() ?? {},
  ...otherwise,
})

/** Each attempt ends otherwise. */
export const dialing =
  (outcome: (attempt: DialAttempt<MemoryLink>) => Outcome<MemoryLink>): Break =>
  (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => dial(address, withOutcome(attempt, outcome(attempt)))
  }

/** Each session that `here` dials is another one. */
export const dialed = (change: (link: Link) => Link): Break =>
  dialing((attempt) => ({ succeed: (link) => attempt.succeed(change(link)) }))

type Listen = NonNullable<Breakable['listen']>

/** It listens otherwise. */
export const listening = (
  peer: Breakable,
  otherwise: (listen: Listen, ...given: Parameters<Listen>) => () => void,
): void => {
  const listen = peer.listen?.bind(peer) as Listen
  peer.listen = (accept, side) => otherwise(listen, accept, side)
}

type Given = { address: string; session: Link }

/** Each session that `there` is handed over is another one, or none, or several. */
export const handedOver =
  (change: (link: Link, address: string) => Given[]): Break =>
  (_, there) => {
    listening(there, (listen, accept, side) =>
      listen(({ address, session }) => {
        for (const inbound of change(session, address)) accept(inbound)
      }, side),
    )
  }

export const arriving = (change: (link: Link) => Link): Break =>
  handedOver((session, address) => [{ address, session: change(session) }])

const deaf = (link: Link): Link => other(link, { onClosed: () => {} })

/** Keeps the listener that came last. */
const single = (link: Link): Link => {
  let last: Parameters<Link['onClosed']>[0] | undefined
  link.onClosed((error, reason) => last?.(error, reason))
  const onClosed: Link['onClosed'] = (listener) => {
    if (link.handle.open) last = listener
    else link.onClosed(listener)
  }
  return other(link, { onClosed })
}

const twice = (listener: () => void) => () => {
  listener()
  listener()
}

/** Settles a cancelled attempt, and settles it again with what the network gives. */
const twiceIfCancelled: Break = dialing((attempt) => {
  attempt.signal.addEventListener('abort', () => attempt.fail(attempt.signal.reason))
  return { succeed: (link) => void setTimeout(() => attempt.succeed(link), 5) }
})

/** Its close() throws where it is closing already. */
const closesOnce = (link: Link): Link => {
  let isClosing = false
  const close = () => {
    if (isClosing && link.handle.open) throw new Error('it is closing')
    isClosing = true
    setTimeout(() => link.close(''), 5)
  }
  return other(link, { close })
}

const slow =
  (ms: number): Break =>
  (here) => {
    const dial = here.dial.bind(here)
    here.dial = (address, attempt) => void setTimeout(() => dial(address, attempt), ms)
  }

/** What comes wrongly may come soon, or a while later. */
const LATER: readonly ((run: () => void) => unknown)[] = [
  queueMicrotask,
  (run) => setTimeout(run, 30),
]

/** For each case, transports that break its rule and little else. */
export const BREAKS: Record<string, Break | readonly Break[]> = {
  'describe() reads an address at once': (here) => {
    here.describe = (async () => ({})) as never
  },
  'describe() says the same each time': (here) => {
    let times = 0
    here.describe = () => ({ kind: `kind ${times++}` })
  },
  'describe() says the same once a link was open': (here) => {
    let kind = 'unknown'
    here.describe = () => ({ kind })
    dialed((link) => {
      kind = 'lan'
      return link
    })(here, here)
  },
  'describe() throws where it can read no address': (here) => {
    here.describe = () => ({})
  },
  'dial() opens an outbound session': dialed((link) => other(link, { direction: 'inbound' })),
  'dial() reaches the peer that the address names': dialed((link) =>
    other(link, { key: 'mallory' }),
  ),
  'dial() settles its attempt once': LATER.map((later) =>
    dialing((attempt) => ({
      succeed: (link) => {
        attempt.succeed(link)
        link.onClosed(() => later(() => attempt.fail(new Error('it has closed'))))
      },
    })),
  ),
  'dial() settles a cancelled attempt once at most': twiceIfCancelled,
  'dial() releases what it holds before the link opens': [
    dialing((attempt) => {
      attempt.hold('waits in a queue')
      return {}
    }),
    dialing((attempt) => {
      attempt.hold('')()
      return {}
    }),
  ],
  'dial() fails where nobody answers': dialing(() => ({ fail: () => {} })),
  'dial() makes a session of its own for each link': (() => {
    let only: Link | undefined
    return dialed((link) => {
      only ??= other(link, {})
      return Object.assign(only, other(link, {}))
    })
  })(),
  'dial() leaves nothing open when its signal aborts': [
    dialing((attempt) => ({
      succeed: (link) => queueMicrotask(() => attempt.signal.aborted || attempt.succeed(link)),
    })),
    dialing((attempt) => {
      let isOver = false
      attempt.ended(() => {
        isOver = true
      })
      return { succeed: (link) => queueMicrotask(() => isOver || attempt.succeed(link)) }
    }),
  ],
  'listen() hands over each session that others open, once': [
    handedOver((session, address) => [
      { address, session },
      { address, session: other(session, {}) },
    ]),
    (_, there) =>
      listening(there, (listen, accept, side) =>
        listen((inbound) => {
          accept(inbound)
          setTimeout(accept, 30, inbound)
        }, side),
      ),
  ],
  'listen() says who is there': arriving((link) => other(link, { key: 'mallory' })),
  'listen() hands over nothing once it was ended': LATER.map(
    (later) => (_, there) =>
      listening(there, (listen, accept, side) => {
        let ended = false
        listen((inbound) => (ended ? later(() => accept(inbound)) : accept(inbound)), side)
        return () => {
          ended = true
        }
      }),
  ),
  'close() of the one who dialed is told at both ends': arriving(deaf),
  'close() of the one who was dialed is told at both ends': arriving((link) =>
    other(link, { close: () => {} }),
  ),
  'onClosed() tells once': LATER.map((later) =>
    dialed((link) =>
      other(link, {
        onClosed: (listener) =>
          link.onClosed(() => {
            listener()
            later(() => listener())
          }),
      }),
    ),
  ),
  'onClosed() tells nothing while the link is open': LATER.map((later) =>
    dialed((link) => other(link, { onClosed: (listener) => void later(listener) })),
  ),
  'onClosed() tells also who asks after the end': dialed((link) =>
    other(link, { onClosed: (listener) => void (link.handle.open && link.onClosed(listener)) }),
  ),
  'onClosed() tells every listener, each once': [
    dialed(single),
    arriving(single),
    dialed((link) => {
      let listeners = 0
      const onClosed: Link['onClosed'] = (listener) =>
        link.onClosed(++listeners < 3 ? listener : twice(listener))
      return other(link, { onClosed })
    }),
  ],
  'onClosed() tells a reason as a string, to late listeners too': [
    arriving((link) =>
      other(link, {
        onClosed: (listener) =>
          link.onClosed((error, reason) =>
            listener(error, new Uint8Array([reason ? 1 : 0]) as never),
          ),
      }),
    ),
    arriving((link) => {
      const onClosed: Link['onClosed'] = (listener) =>
        link.handle.open ? link.onClosed(listener) : listener()
      return other(link, { onClosed })
    }),
  ],
  'close() takes any reason': [
    dialed((link) =>
      other(link, {
        close: (reason) => {
          if (reason.length > 123) throw new RangeError('the reason is too long')
          link.close(reason)
        },
      }),
    ),
    // As `close: socket.destroy.bind(socket)` does: what was given is an error.
    dialed((link) => {
      let thrown: unknown
      const close = (error?: unknown) => {
        thrown = error
        link.close('')
      }
      return other(link, { close, onClosed: (listener) => link.onClosed(() => listener(thrown)) })
    }),
  ],
  'close() may be called again while it closes': [dialed(closesOnce), arriving(closesOnce)],
  'close() may be called again': dialed((link) =>
    other(link, {
      close: () => {
        if (!link.handle.open) throw new Error('it has closed already')
        link.close('')
      },
    }),
  ),
  'destroy() of the one who dialed is told at both ends': [
    dialed((link) => other(link, { destroy: () => {} })),
    dialed((link) => other(link, { destroy: async () => link.destroy?.() })),
    dialed((link) =>
      other(link, {
        destroy: () => {
          throw new Error('it cannot')
        },
      }),
    ),
    // It lets go of the link, and the other side is never told.
    dialed((link) => {
      let letGo = () => {}
      const onClosed: Link['onClosed'] = (listener) => {
        letGo = () => listener()
      }
      return other(link, { onClosed, destroy: () => letGo() })
    }),
  ],
  'destroy() of the one who was dialed is told at both ends': [
    arriving((link) =>
      other(link, { destroy: () => void setTimeout(() => link.destroy?.(), 1_300) }),
    ),
    arriving((link) =>
      other(link, {
        onClosed: (listener) =>
          link.onClosed(() => {
            listener()
            setTimeout(listener, 30)
          }),
      }),
    ),
  ],
  'destroy() ends a link that is closing': dialed((link) => {
    let isClosing = false
    return other(link, {
      close: () => {
        isClosing = true
      },
      destroy: () => void (isClosing || link.destroy?.()),
    })
  }),
  'probe() resolves when the other side has answered': [
    dialed((link) => other(link, { probe: () => new Promise(() => {}) })),
    arriving((link) => other(link, { probe: () => Promise.reject(new Error('it cannot')) })),
    dialed((link) => other(link, { probe: (() => true) as never })),
  ],
  'probe() rejects when its signal aborts': [
    dialed((link) => other(link, { probe: async () => {} })),
    dialed((link) =>
      other(link, {
        probe: async (signal) => {
          signal.throwIfAborted()
          await new Promise((resolve) => setTimeout(resolve, 5))
        },
      }),
    ),
    // As fast as a network can be, and deaf to its signal.
    dialed((link) =>
      other(link, {
        probe: async (signal) => {
          signal.throwIfAborted()
          await new Promise((resolve) => setImmediate(resolve))
        },
      }),
    ),
  ],
  'probe() rejects when the link has closed': [
    dialed((link) => other(link, { probe: async () => {} })),
    arriving((link) =>
      other(link, {
        probe: (signal) =>
          link.handle.open ? (link.probe?.(signal) ?? Promise.resolve()) : new Promise(() => {}),
      }),
    ),
    // It waits for an answer that cannot come any more.
    dialed((link) =>
      other(link, {
        probe: (signal) =>
          new Promise((resolve, reject) => {
            setTimeout(() => {
              if (link.handle.open) link.probe?.(signal).then(resolve, reject)
            }, 5)
          }),
      }),
    ),
    // The same, where what was asked before a close is answered: it waits for ever where the link breaks.
    dialed((link) =>
      other(link, {
        close: (reason) => void setTimeout(() => link.close(reason), 20),
        probe: (signal) =>
          new Promise((resolve, reject) => {
            if (!link.handle.open) return reject(new Error('it has closed'))
            setTimeout(() => {
              if (link.handle.open) link.probe?.(signal).then(resolve, reject)
            }, 5)
          }),
      }),
    ),
  ],
  'probe() may run several times at once': dialed((link) => {
    let answered = () => {}
    const probe = () =>
      new Promise<void>((resolve) => {
        answered = resolve
        setTimeout(() => answered(), 5)
      })
    return other(link, { probe })
  }),
  'traffic() gives numbers that never go down': [
    dialed((link) => other(link, { traffic: () => ({ bytesIn: link.handle.open ? 5 : 0 }) })),
    arriving((link) => other(link, { traffic: () => ({ bytesOut: -1 }) })),
    dialed((link) => other(link, { traffic: () => ({ messagesIn: '1' as never }) })),
    dialed((link) => other(link, { traffic: () => undefined as never })),
    dialed((link) =>
      other(link, {
        traffic: () => {
          if (!link.handle.open) throw new Error('it has closed')
          return {}
        },
      }),
    ),
  ],
  'traffic() has the fields that are known': [
    dialed((link) => other(link, { traffic: () => ({ bytesRead: 1 }) as never })),
    arriving((link) => other(link, { traffic: () => ({ heardAt: performance.now() }) })),
  ],
  'two hubs see the same connection, and its end': handedOver(() => []),
  'two hubs that dial each other at once agree': [
    (() => {
      let arrived = 0
      return handedOver((session, address) => (arrived++ === 0 ? [] : [{ address, session }]))
    })(),
    // The one who dials back, and is done later, is not handed over.
    (here, there) => {
      slow(5)(here, there)
      slow(50)(there, here)
      handedOver(() => [])(there, here)
    },
  ],
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
