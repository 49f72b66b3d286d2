import { FaultSession } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { A, setup } from '../setup.js'
import { stepsOf } from '../steps.js'

/** Ten times as many may take so many times the steps: linear, with room for what grows by doubling. */
const LINEAR = 13
const FEW = 4_000
const MANY = 40_000

/** More steps than that for each are a walk through all. */
const ENOUGH = 100

/** `prepare` makes a world of n, and gives the work that is counted. */
const expectLinear = (prepare: (n: number) => () => void): void => {
  const few = Math.min(stepsOf(prepare(FEW), FEW * ENOUGH), FEW * ENOUGH)
  const limit = Math.max(few, FEW) * LINEAR
  expect(stepsOf(prepare(MANY), limit)).toBeLessThanOrEqual(limit)
}

/** How long a caller waits, in ms. */
const PATIENCE = 10

/** Timers of a caller end when the test says, in the order in which they began; the others never do. */
const stubTimers = () => {
  const timers = new Map<number, () => void>()
  let last = 0
  vi.stubGlobal('setTimeout', (onTime: () => void, ms: number) => {
    last++
    if (ms === PATIENCE) timers.set(last, onTime)
    return last
  })
  vi.stubGlobal('clearTimeout', (id: number) => timers.delete(id))
  return () => {
    for (let id = 1; id <= last; id++) timers.get(id)?.()
  }
}

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** n controllers, and what aborts them from the first to the last, or the other way. */
const controllers = (n: number, order: 'first to last' | 'last to first') => {
  const all = numbers(n).map(() => new AbortController())
  const abort = () => {
    for (let i = 0; i < n; i++) all[order === 'first to last' ? i : n - 1 - i]?.abort()
  }
  return { signals: all.map(({ signal }) => signal), abort }
}

/** As much of a signal as the hub asks for: Node's walks through all its listeners at each that comes, and takes most of the time. */
const stubSignal = () => {
  const listeners = new Set<() => void>()
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
  }
  const abort = () => {
    signal.aborted = true
    listeners.forEach((listener) => {
      listener()
    })
  }
  return { signal: signal as unknown as AbortSignal, abort }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

const orders = ['first to last', 'last to first'] as const

describe('9 cost: 40,000 take at most 13 times the steps of 4,000', () => {
  it.each(orders)('callers that leave one dial by their signals, %s', (order) => {
    expectLinear((n) => {
      const { hub } = setup()
      const { signals, abort } = controllers(n, order)
      hub.connect(A).catch(() => {})
      for (const signal of signals) hub.connect(A, { signal }).catch(() => {})
      return abort
    })
  })

  it('callers that leave one dial by one signal', () => {
    expectLinear((n) => {
      const { hub } = setup()
      const { signal, abort } = stubSignal()
      hub.connect(A).catch(() => {})
      for (let i = 0; i < n; i++) hub.connect(A, { signal }).catch(() => {})
      return abort
    })
  })

  it('callers that leave one dial by their time-outs', () => {
    const endAll = stubTimers()
    expectLinear((n) => {
      const { hub } = setup({ dialTimeout: 60_000 })
      hub.connect(A).catch(() => {})
      for (let i = 0; i < n; i++) hub.connect(A, { timeout: PATIENCE }).catch(() => {})
      return endAll
    })
  })

  it('callers that join one dial, and get its session', () => {
    expectLinear((n) => {
      const { hub, transport } = setup()
      return () => {
        for (let i = 0; i < n; i++) hub.connect(A).catch(() => {})
        transport.lastDial.succeed()
      }
    })
  })

  it('callers that wait for the end of a disconnect, and leave by their signals', () => {
    expectLinear((n) => {
      const { hub, transport } = setup()
      const { signals, abort } = controllers(n, 'first to last')
      transport.inbound(A).onClose = 'refuse'
      hub.disconnect(A).catch(() => {})
      for (const signal of signals) hub.connect(A, { signal }).catch(() => {})
      return abort
    })
  })

  it('callers that wait for the end of a disconnect, and dial', () => {
    expectLinear((n) => {
      const { hub, transport } = setup()
      const session = transport.inbound(A)
      session.onClose = 'refuse'
      hub.disconnect(A).catch(() => {})
      for (let i = 0; i < n; i++) hub.connect(A).catch(() => {})
      return () => session.end()
    })
  })

  it('callers that leave a disconnect by their signals', () => {
    expectLinear((n) => {
      const { hub, transport } = setup()
      const { signals, abort } = controllers(n, 'first to last')
      transport.inbound(A).onClose = 'refuse'
      for (const signal of signals) hub.disconnect(A, { signal }).catch(() => {})
      return abort
    })
  })

  it('addresses of one key that connect, and disconnect', () => {
    expectLinear((n) => {
      const { hub, transport } = setup()
      return () => {
        for (let i = 0; i < n; i++)
          transport.inbound(`fault:anonymous${i}`, new FaultSession('inbound', 'a'))
        for (let i = 0; i < n; i++) hub.disconnect(`fault:anonymous${i}`).catch(() => {})
      }
    })
  })

  it.each(['close', 'reset'] as const)('dials that a %s ends', (call) => {
    expectLinear((n) => {
      const { hub } = setup()
      for (let i = 0; i < n; i++) hub.connect(`fault:${i}`).catch(() => {})
      return () => {
        hub[call]()
      }
    })
  })
})

/** Sessions of one address are a frozen array, copied at each change: so many walks through it for each session that opens and closes. */
const WALKS_A_SESSION = 8

describe('9 cost: sessions at one address', () => {
  it.each([...orders, 'by a disconnect'] as const)(
    'cost a few walks through their list each, which open, and close: %s',
    (how) => {
      const n = 1_000
      const { hub, transport } = setup()
      const sessions = numbers(n).map(() => new FaultSession('inbound', 'a'))
      const steps = stepsOf(() => {
        for (let i = 0; i < n; i++) transport.inbound(A, sessions[i])
        if (how === 'by a disconnect') hub.disconnect(A).catch(() => {})
        else for (let i = 0; i < n; i++) sessions[how === 'first to last' ? i : n - 1 - i]?.end()
      })
      expect(hub.size).toBe(0)
      // Half of n: a list grows, or gets shorter, while it is walked.
      expect(steps / (n * (n / 2))).toBeLessThanOrEqual(WALKS_A_SESSION)
    },
  )
})
