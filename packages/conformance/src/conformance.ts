import { closing } from './cases/closing.js'
import { describing } from './cases/describing.js'
import { destroying } from './cases/destroying.js'
import { dialing } from './cases/dialing.js'
import { hubs } from './cases/hubs.js'
import { listening } from './cases/listening.js'
import { probing } from './cases/probing.js'
import { traffic } from './cases/traffic.js'
import { NotJudged } from './failure.js'
import { checkNames, expect, isFunction, isMs } from './options.js'
import { isSubject, type Subject } from './subject.js'
import { type Check, DEFAULT_PATIENCE, Trial } from './trial.js'

export interface ConformanceOptions<T extends Subject<unknown> = Subject<unknown>> {
  /** Makes a new network of two peers. Called once for each case. */
  readonly setup: () => T | Promise<T>
  /** Ends what `setup` has made, however the case ended. */
  readonly teardown?: ((subject: T) => unknown) | undefined
  /** How long a case waits for what must come, in ms. Default 5 000: a busy machine is slow, and a case that holds waits for little. */
  readonly patience?: number | undefined
}

/** One rule of the port. */
export interface ConformanceCase {
  readonly name: string
  /**
   * Rejects with a `HubError` of the code `NOT_CONFORMANT` where the transport breaks the rule. Resolves with nothing
   * where it holds, and with a sentence where there was nothing to judge: what the transport lacks, and need not have.
   */
  run(): Promise<string | undefined>
}

/**
 * The rules that every transport keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of conformance({ setup, teardown })) it(name, run)
 */
export const conformance = <T extends Subject<unknown>>(
  options: ConformanceOptions<T>,
): readonly ConformanceCase[] => {
  checkNames(options, ['setup', 'teardown', 'patience'])
  const { setup, teardown = () => {}, patience = DEFAULT_PATIENCE } = options
  expect(isFunction(setup), 'a function that makes two peers', 'setup')
  expect(isFunction(teardown), 'a function', 'teardown')
  expect(isMs(patience), 'a number of ms', 'patience')
  const all: Record<string, Check> = {
    ...describing,
    ...dialing,
    ...listening,
    ...closing,
    ...destroying,
    ...probing,
    ...traffic,
    ...hubs,
  }
  return Object.entries(all).map(([name, check]) => ({
    name,
    run: () => run(check, { setup, teardown, patience }),
  }))
}

const SUBJECT =
  'a function that gives { peers: [{ transport, address }, { transport, address }], deadAddress }'

const run = async <T extends Subject<unknown>>(
  check: Check,
  { setup, teardown, patience }: Required<ConformanceOptions<T>>,
): Promise<string | undefined> => {
  const subject = await setup()
  try {
    return await judge(check, subject, patience ?? DEFAULT_PATIENCE)
  } finally {
    await teardown?.(subject)
  }
}

const judge = async (
  check: Check,
  subject: Subject<unknown>,
  patience: number,
): Promise<string | undefined> => {
  expect(isSubject(subject), SUBJECT, 'setup')
  const trial = new Trial(subject, patience)
  try {
    await check(trial)
    return undefined
  } catch (error) {
    if (error instanceof NotJudged) return error.message
    throw error
  } finally {
    await trial.end()
  }
}
