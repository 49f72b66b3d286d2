import { createHub, type Session, type Traffic } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { vi } from 'vitest'
import { type LivenessOptions, watchLiveness } from '../../src/liveness/index.js'

type Answer = 'at once' | 'never' | 'rejects' | 'throws' | { readonly after: number }

/** A session whose other side answers as the test says. */
export class LivingSession extends FaultSession {
  answer: Answer = 'at once'
  /** When it was asked, in ms since the test began. */
  readonly askedAt: number[] = []
  readonly signals: AbortSignal[] = []
  heard: unknown
  readonly #begun = Date.now()

  probe(signal: AbortSignal): Promise<void> {
    this.askedAt.push(Date.now() - this.#begun)
    this.signals.push(signal)
    const { answer } = this
    if (answer === 'throws') throw new Error('probe() threw')
    if (answer === 'rejects') return Promise.reject(new Error('probe() rejected'))
    if (answer === 'at once') return Promise.resolve()
    return new Promise((resolve, reject) => {
      if (answer !== 'never') setTimeout(resolve, answer.after)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }

  traffic(): Traffic {
    if (this.heard instanceof Error) throw this.heard
    return { heardAt: this.heard as number }
  }
}

/** A hub with one link, and a watch. Chance gives nothing: a link may be silent for all of 30 s. */
export const watched = (
  options: LivenessOptions = {},
  session: Session<FaultSession> = new LivingSession('inbound', 'a'),
) => {
  const transport = createFaultTransport({ self: 'me' })
  const onError = vi.fn()
  const hub = createHub({ transport, onError })
  const liveness = watchLiveness(hub, { random: () => 0, ...options })
  const told: string[] = []
  liveness.on('change', ({ address, state }) => told.push(`${address} ${state}`))
  transport.inbound('fault:a', session as FaultSession)
  return { hub, transport, liveness, told, onError, session: session as LivingSession }
}
