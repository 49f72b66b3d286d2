import { closing } from './cases/closing.js'
import { describing } from './cases/describing.js'
import { dialing } from './cases/dialing.js'
import { hubs } from './cases/hubs.js'
import { listening } from './cases/listening.js'
import { expect, isFunction, isMs } from './options.js'
import type { Subject } from './subject.js'
import { type Check, DEFAULT_PATIENCE, Trial } from './trial.js'

export interface ConformanceOptions<S> {
  /** Makes a new network of two peers. Called once for each case. */
  readonly setup: () => Subject<S> | Promise<Subject<S>>
  /** Ends what `setup` has made, however the case ended. */
  readonly teardown?: ((subject: Subject<S>) => unknown) | undefined
  /** How long a case waits for what must come, in ms. Default 5 000: a busy machine is slow, and a case that holds waits for little. */
  readonly patience?: number | undefined
}

/** One rule of the port. `run` rejects with a `HubError` of the code `NOT_CONFORMANT` where the transport breaks it. */
export interface ConformanceCase {
  readonly name: string
  run(): Promise<void>
}

/**
 * The rules that every transport keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of conformance({ setup, teardown })) it(name, run)
 */
export const conformance = <S>(options: ConformanceOptions<S>): readonly ConformanceCase[] => {
  const { setup, teardown = () => {}, patience = DEFAULT_PATIENCE } = options
  expect(isFunction(setup), 'a function that makes two peers', 'setup')
  expect(isFunction(teardown), 'a function', 'teardown')
  expect(isMs(patience), 'a number of ms', 'patience')
  const all: Record<string, Check> = {
    ...describing,
    ...dialing,
    ...listening,
    ...closing,
    ...hubs,
  }
  return Object.entries(all).map(([name, check]) => ({
    name,
    run: () => run(check, { setup, teardown, patience }),
  }))
}

const run = async <S>(
  check: Check,
  { setup, teardown, patience }: Required<ConformanceOptions<S>>,
): Promise<void> => {
  const subject = await setup()
  const trial = new Trial(subject, patience as number)
  try {
    await check(trial)
  } finally {
    await trial.end()
    await teardown?.(subject)
  }
}
