import type { Summary } from '../../../src/protocol.js'

/** Why there is no stream. */
export type Refusal = 'away' | 'token' | 'host' | 'full' | 'broken'

/** In ms. */
const PATIENCE = 5_000

export const askSummary = async (): Promise<Summary | number | undefined> => {
  try {
    const response = await fetch('./summary', { signal: AbortSignal.timeout(PATIENCE) })
    return response.ok ? ((await response.json()) as Summary) : response.status
  } catch {
    return undefined
  }
}

/** A stream never says why it was refused: so the same is asked by other means. */
export const findRefusal = async (): Promise<Refusal> => {
  const answer = await askSummary()
  if (answer === undefined) return 'away'
  if (typeof answer === 'number') return answer === 404 ? 'token' : answer === 403 ? 'host' : 'away'
  return answer.taken >= answer.places ? 'full' : 'broken'
}
