import fc from 'fast-check'
import { firstLine, knock } from './knock.js'
import { type Make, show } from './make.js'
import { TARGETS, type Target } from './targets.js'

export interface FuzzOptions {
  readonly runs: number
  readonly seed: number
  readonly print: (line: string) => void
}

export interface FuzzReport {
  readonly runs: number
  readonly accepted: number
  /** How many calls were refused, by the code of the error. */
  readonly refused: Readonly<Record<string, number>>
  /** What should not be, each once, with how often it was seen, and an example. */
  readonly faults: readonly string[]
}

export const runFuzz = async ({ runs, seed, print }: FuzzOptions): Promise<FuzzReport> => {
  const tally = new Tally()
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown) => {
    unhandled.push(reason)
  }
  const one = async ({ target, given }: { target: Target; given: readonly Make[] }) => {
    const { refused, faults } = await knock(target, given)
    const strays = unhandled.splice(0).map((error) => `unhandled rejection: ${firstLine(error)}`)
    tally.add(target, given, refused, [...faults, ...strays])
    if (tally.runs % 10_000 === 0) print(`fuzz: ${tally.runs} of ${runs} calls`)
  }
  process.on('unhandledRejection', onUnhandled)
  try {
    // All faults are wanted, not the first one: so the property itself always holds.
    await fc.assert(fc.asyncProperty(calls(), one), { seed, numRuns: runs })
  } finally {
    process.off('unhandledRejection', onUnhandled)
  }
  return tally.report()
}

const calls = () =>
  fc.oneof(
    ...TARGETS.map((target) => ({
      weight: target.weight ?? 1,
      arbitrary: target.given.map((given) => ({ target, given })),
    })),
  )

class Tally {
  runs = 0
  readonly #refused: Record<string, number> = {}
  readonly #faults = new Map<string, { example: string; times: number }>()

  add(
    target: Target,
    given: readonly Make[],
    refused: string | undefined,
    faults: readonly string[],
  ): void {
    this.runs++
    if (refused !== undefined) this.#refused[refused] = (this.#refused[refused] ?? 0) + 1
    for (const fault of faults) {
      const name = `${target.name}: ${fault}`
      const known = this.#faults.get(name)
      if (known) known.times++
      else this.#faults.set(name, { example: given.map((make) => show(make())).join(), times: 1 })
    }
  }

  report(): FuzzReport {
    const refusals = Object.values(this.#refused).reduce((sum, times) => sum + times, 0)
    return {
      runs: this.runs,
      accepted: this.runs - refusals,
      refused: this.#refused,
      faults: [...this.#faults].map(
        ([what, { example, times }]) => `${what} (${times} times)\n  ${example}`,
      ),
    }
  }
}
