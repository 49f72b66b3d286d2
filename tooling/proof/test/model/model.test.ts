import type { Step } from '@conn-hub/testkit'
import { afterEach, expect, it, vi } from 'vitest'
import { Oracle } from './oracle.js'
import { runModel } from './run.js'
import { holds, toCode } from './scenario.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** An oracle that is wrong about one kind of step: to the model, that is a hub with a bug. */
const mistake = (what: Step['do']) => {
  const { take } = Oracle.prototype
  vi.spyOn(Oracle.prototype, 'take').mockImplementation(function (this: Oracle, step) {
    if (step.do !== what) take.call(this, step)
  })
}

it('tells a bug as the shortest story that shows it, to be pasted into a test', async () => {
  mistake('update')
  const failure = runModel({ mode: 'sequential', runs: 400, seed: 4711 }).then(
    () => 'it holds',
    ({ message }: Error) => message,
  )
  const message = await failure
  const [, steps = ''] = /^holds\((\[\n.*^\])\)$/ms.exec(message) ?? []
  const story: Step[] = new Function(`return ${steps}`)()
  expect(story.map((step) => step.do)).toHaveLength(2)
  expect(story.at(-1)?.do).toBe('update')
  expect(message).toContain('The hub failed (sequential, seed 4711).')
  await expect(holds(story)).rejects.toThrow('Expected values to be strictly deep-equal')
})

it('writes steps as code', () => {
  const steps: Step[] = [
    { do: 'connect', address: 'fault:a', signal: undefined, data: { n: 1 } },
    { do: 'react', step: { do: 'reset' } },
  ]
  expect(toCode(steps)).toBe(
    "holds([\n  { do: 'connect', address: 'fault:a', data: { n: 1 } },\n  { do: 'react', step: { do: 'reset' } },\n])",
  )
})
