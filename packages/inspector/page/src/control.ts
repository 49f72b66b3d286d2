import type { ControlAnswer, ControlRequest } from '../../src/protocol.js'

/** Asks the server to do something. Gives what went wrong, if anything. */
export const ask = async (request: ControlRequest): Promise<string | undefined> => {
  try {
    const response = await fetch('./control', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    const answer = (await response.json()) as ControlAnswer
    return answer.ok ? undefined : `${answer.code}: ${answer.message}`
  } catch {
    return 'The server cannot be reached, or did not understand.'
  }
}
