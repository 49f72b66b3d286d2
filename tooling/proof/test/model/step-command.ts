import type { Step } from '@conn-hub/testkit'
import type fc from 'fast-check'
import type { Oracle } from './oracle.js'
import type { World } from './world.js'

/** What is known of the world: all of it, until something happens inside a handler. */
export interface Expectation {
  oracle: Oracle | undefined
}

/** One step as a command: it happens to the hub and, where that can be foretold, to the oracle. */
export class StepCommand implements fc.AsyncCommand<Expectation, World> {
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  /** Without what there must be for it, a step is nothing. */
  check({ oracle }: Readonly<Expectation>): boolean {
    const { do: what } = this.#step
    if (!oracle) return true
    if (['answer', 'fail', 'hold', 'release', 'abort'].includes(what))
      return oracle.calls.length > 0
    if (['remote close', 'disconnect session'].includes(what)) return oracle.links.length > 0
    return true
  }

  async run(expectation: Expectation, world: World): Promise<void> {
    if (this.#step.do === 'react') expectation.oracle = undefined
    await world.take(this.#step, expectation.oracle)
  }

  toString(): string {
    return this.#step.do
  }
}
