import { isHubError } from '@conn-hub/core'
import { type Make, show } from './make.js'
import { type Look, openStage, type Stage, turn } from './stage.js'
import type { Target } from './targets.js'

/** What came of one call. */
export interface Answer {
  /** None: it was accepted. */
  readonly refused: string | undefined
  /** What should not be, in words. */
  readonly faults: readonly string[]
}

/** A refusal with one of these leaves everything as it was. */
const REFUSALS = new Set([
  'INVALID_ADDRESS',
  'ADDRESS_TOO_LONG',
  'INVALID_OPTION',
  'INVALID_DATA',
  'ABORTED',
  'DIAL_SELF',
  'TRANSPORT_BROKEN',
])
/** These say how a call ended that was accepted. */
const OUTCOMES = new Set(['DIAL_TIMEOUT', 'WAIT_TIMEOUT', 'DIAL_FAILED', 'CLOSE_TIMEOUT'])

/** One call, and what it does to its surroundings. */
export const knock = async (target: Target, given: readonly Make[]): Promise<Answer> => {
  const stage = openStage(target.leavesSessions)
  const faults: string[] = []
  const before = stage.look()
  const call = await callIt(stage, target, given)
  const code = call.failed ? codeOf(target, call.error) : undefined
  const refused = call.failed && !OUTCOMES.has(code ?? '') ? (code ?? 'raw error') : undefined

  if (call.threw && target.async) faults.push('it throws, and should reject')
  if (call.failed && !code) faults.push(`raw error: ${firstLine(call.error)}`)
  if (refused !== undefined) {
    if (code && !REFUSALS.has(code)) faults.push(`an unknown code: ${code}`)
    if (!isWorded(target, call.error)) faults.push(`${refused}, in other words`)
    if (hasChanged(before, stage.look(), refused)) faults.push(`${refused}, with a change`)
    if (stage.probe() > 0) faults.push(`${refused}, with a subscription`)
  }
  try {
    if ((await stage.end()) > 0) faults.push('a call that is pending after the end')
  } catch (error) {
    faults.push(`the end throws: ${firstLine(error)}`)
  }
  return { refused, faults }
}

export const firstLine = (error: unknown): string => show(error).split('\n')[0] ?? ''

interface Call {
  readonly failed: boolean
  /** At once, and not by its promise. */
  readonly threw?: boolean
  readonly error?: unknown
}

/** Calls, and sees how that ended as far as promises can. */
const callIt = async (stage: Stage, target: Target, given: readonly Make[]): Promise<Call> => {
  const values = given.map((make) => make())
  let answer: unknown
  try {
    answer = target.call(stage, values)
  } catch (error) {
    return { failed: true, threw: true, error }
  }
  let call: Call = { failed: false }
  if (answer instanceof Promise) {
    stage.keep(answer)
    answer.catch((error) => {
      call = { failed: true, error }
    })
    await turn()
  }
  return call
}

const codeOf = ({ mayThrow }: Target, error: unknown): string | undefined => {
  if (isHubError(error)) return error.code
  return mayThrow?.(error) ? (error as { code: string }).code : undefined
}

const isWorded = ({ words }: Target, error: unknown): boolean => {
  if (!words || !isHubError(error)) return true
  const exact = words[error.code]
  return exact === undefined || exact === error.message
}

const hasChanged = (before: Look, after: Look, code: string): boolean => {
  if (after.deeds !== before.deeds) return true
  // A signal that aborts while it is listened to ends the wait of a call that was taken, with its metadata.
  return code !== 'ABORTED' && after.entries !== before.entries
}
