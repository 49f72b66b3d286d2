import { changes, listen, liveEntries } from '@conn-hub/pull-stream'
import { describe, expect, it } from 'vitest'
import { setup } from './support.js'

describe.each([
  ['listen', listen],
  ['liveEntries', liveEntries],
  ['changes', changes],
])('%s', (_, view) => {
  it.each([undefined, null, 'hub', 1, {}, new EventTarget()])('refuses %s as a hub', (hub) => {
    expect(() => view(hub as never)).toThrow(
      expect.objectContaining({
        name: 'HubError',
        code: 'INVALID_OPTION',
        message: 'The option "hub" must be a hub.',
      }),
    )
  })

  it('refuses wrong options when it is called, and not only when it is read', () => {
    const { hub } = setup()
    expect(() => view(hub, { signal: 'stop' as never })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})

it('listen refuses a wrong capacity', () => {
  const { hub } = setup()
  expect(() => listen(hub, { capacity: 0 })).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: 'The option "capacity" must be an integer from 1 to 1000000.',
    }),
  )
})
