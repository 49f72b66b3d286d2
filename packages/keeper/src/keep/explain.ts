import { printable } from '@conn-hub/core'
import type { Explanation } from '../model/keeper.js'
import type { Intent } from './intent.js'

/** What is to be said of an intent. */
export const explainIntent = (
  intent: Intent,
  { pausedFor, isOnline }: { readonly pausedFor: string | undefined; readonly isOnline: boolean },
): Explanation[] => {
  const { state, attempts, lastError, nextAt, since, rare } = intent
  const kept = { by: 'keeper', text: `kept since ${timeOf(since)}` }
  const tries = attempts > 0 ? `; ${attempts} failed before` : ''
  const last = lastError === undefined ? '' : `; the last error: ${textOf(lastError)}`
  const say = (words: string): Explanation[] => [
    kept,
    { by: 'keeper', text: `${words}${tries}${last}`, nextAt },
  ]
  if (state === 'released') return []
  if (state === 'connected')
    return rare?.standIn === undefined
      ? [kept]
      : [kept, { by: 'keeper', text: `satisfied by another link of ${cut(rare.standIn)}` }]
  if (state === 'connecting') return say('being dialed')
  if (pausedFor !== undefined) return say(`the keeper is paused: ${cut(pausedFor)}`)
  if (state === 'paused') return say('paused: it was disconnected on this side; now() dials again')
  if (nextAt !== undefined) return say(`next attempt at ${timeOf(nextAt)}`)
  return say(isOnline ? 'not dialed yet' : 'waits for a network')
}

const timeOf = (ms: number): string => new Date(ms).toISOString()

const cut = (text: string): string => printable(text.slice(0, 200))

/** Never throws, and never grows long, whatever was thrown. */
const textOf = (error: unknown): string => {
  try {
    return cut(String(error instanceof Error ? error.message : error))
  } catch {
    return 'one that cannot be printed'
  }
}
