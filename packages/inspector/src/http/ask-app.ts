import type { ServerResponse } from 'node:http'
import { toPlainError } from '../plain/event.js'
import { answerJson } from './answer.js'

/** How many questions may wait at once: a page asks one after the other. */
const MAX_PENDING = 32
/** In ms: how long the app's own function may take. */
const PATIENCE = 2_000

/** Answers what a function of the app gives. It may throw, be slow, or never answer. */
export const askApp = async (
  pending: Set<unknown>,
  response: ServerResponse,
  ask: () => unknown,
  toAnswer: (given: unknown, error?: string) => unknown,
): Promise<void> => {
  if (pending.size >= MAX_PENDING) {
    return answerJson(response, 503, toAnswer([], 'Too many questions wait for an answer.'))
  }
  pending.add(response)
  try {
    answerJson(response, 200, toAnswer(await withDeadline(ask)))
  } catch (error) {
    answerJson(response, 200, toAnswer([], toPlainError(error).message))
  } finally {
    pending.delete(response)
  }
}

const withDeadline = async (ask: () => unknown): Promise<unknown> => {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`The app has not answered within ${PATIENCE} ms.`))
    timer = setTimeout(fail, PATIENCE)
    timer.unref()
  })
  try {
    return await Promise.race([Promise.resolve().then(ask), deadline])
  } finally {
    clearTimeout(timer)
  }
}

/** What the query asks for; at most as long as an address. */
export const queryOf = (url = '', name: string): string | undefined => {
  const value = new URLSearchParams(url.split('?')[1]).get(name) ?? undefined
  return value === undefined || value.length > 4_096 ? undefined : value
}
