import type { Hub } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { describe, expect, it } from 'vitest'
import { setup } from './setup.js'

/** The error that a call throws: its class, its code and its message. */
const errorOf = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    const { name, code, message } = error as TypeError & { code: string }
    return [name, code, message]
  }
}

const refused = (option: string, rule: string) => [
  'HubError',
  'INVALID_OPTION',
  `The option "${option}" must be ${rule}.`,
]

describe('options of a view', () => {
  it.each([
    undefined,
    null,
    'hub',
    {},
    { on: () => {} },
    { snapshot: () => [] },
    { on: 1, snapshot: () => [] },
  ])('refuse %s as a hub', (hub) => {
    expect(errorOf(() => createView(hub as never, 'events'))).toEqual(refused('hub', 'a hub'))
  })

  it('refuse the name of no view', () => {
    const { hub } = setup()
    expect(errorOf(() => createView(hub, 'peers' as 'events'))).toEqual(
      refused('view', 'one of events, entries, changes, sessions'),
    )
  })

  it.each([0, -1, 1.5, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, '10', null])(
    'refuse the capacity %s',
    (capacity) => {
      const { hub } = setup()
      expect(errorOf(() => createView(hub, 'events', { capacity: capacity as number }))).toEqual(
        refused('capacity', 'an integer from 1 to 1000000'),
      )
    },
  )

  it('take a capacity from 1 to 1,000,000', () => {
    const { hub } = setup()
    createView(hub, 'events', { capacity: 1 })
    createView(hub, 'events', { capacity: 1_000_000 })
    createView(hub, 'events', { capacity: undefined, overflow: undefined, signal: undefined })
  })

  it.each(['drop', '', null, true])('refuse the overflow policy %s', (overflow) => {
    const { hub } = setup()
    expect(
      errorOf(() => createView(hub, 'events', { overflow: overflow as 'drop-oldest' })),
    ).toEqual(refused('overflow', "'drop-oldest' or 'drop-newest'"))
  })

  describe.each(['events', 'sessions', 'entries', 'changes'] as const)('of %s', (name) => {
    const view = (hub: Hub<unknown>, options: object) => createView(hub, name as 'events', options)

    it.each([null, 'stop', 1, {}, new AbortController(), { aborted: false }, new EventTarget()])(
      'refuse %s as a signal',
      (signal) => {
        const { hub } = setup()
        expect(errorOf(() => view(hub, { signal: signal as AbortSignal }))).toEqual(
          refused('signal', 'an AbortSignal'),
        )
      },
    )

    it.each([null, 1, 'options'])('refuse %s as options', (options) => {
      const { hub } = setup()
      const isQueued = name === 'events' || name === 'sessions'
      const known = isQueued ? 'signal, capacity, overflow' : 'signal'
      expect(errorOf(() => view(hub, options as never))).toEqual(
        refused('options', `an object with ${known}`),
      )
    })

    it('take a signal by its shape', () => {
      const { hub } = setup()
      const signal = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} }
      expect(() => view(hub, { signal: signal as unknown as AbortSignal })).not.toThrow()
    })
  })
})
