import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { createKeeper } from '../src/index.js'

it('the metadata has the type of the hub', () => {
  const hub = createHub<unknown, { name: string }>({ transport: createFaultTransport() })
  const keeper = createKeeper(hub)
  const kept = keeper.keep('fault:a', { data: { name: 'Anna' } })
  // @ts-expect-error The name is a string.
  keeper.keep('fault:b', { data: { name: 5 } })
  // @ts-expect-error It is given by the keeper: this fails where it is set, too.
  const set = () => Object.assign(kept, { attempts: 5 }).attempts.length
  expect(set).toThrow(TypeError)
  keeper.close()
})
