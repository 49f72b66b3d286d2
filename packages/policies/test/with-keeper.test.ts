import { createMemoryNetwork } from '@conn-hub/conformance'
import { createHub } from '@conn-hub/core'
import { createKeeper } from '@conn-hub/keeper'
import { watchLiveness } from '@conn-hub/keeper/liveness'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { compose, createExplainer, limitDials } from '../src/index.js'

afterEach(() => void vi.useRealTimers())

it('the explainer takes a keeper, a watch over links and a policy as they are', async () => {
  const network = createMemoryNetwork()
  const dials = limitDials({ parallel: 1, queue: 10 })
  const hub = createHub({ transport: compose(network.endpoint('anna'), dials) })
  const keeper = createKeeper(hub, { random: () => 0 })
  const liveness = watchLiveness(hub)
  const explainer = createExplainer(hub, [dials, keeper, liveness])
  onTestFinished(() => hub.close())
  const ben = createHub({ transport: network.endpoint('ben') })
  onTestFinished(() => ben.close())
  const kept = keeper.keep('mem:ben')
  await vi.waitFor(() => expect(kept.state).toBe('connected'))
  const said = explainer.explain('mem:ben')
  expect(said.map(({ by }) => by)).toEqual(expect.arrayContaining(['hub', 'keeper', 'liveness']))
  for (const { text } of said) expect(text).toMatch(/^\w/)
  await hub.disconnect('mem:ben')
  expect(explainer.explain('mem:ben')).toContainEqual(
    expect.objectContaining({ by: 'keeper', text: expect.stringContaining('paused') }),
  )
})
