import type { ControlAnswer, ControlRequest, SeekRequest } from '../../src/protocol.js'

/** Asks the server to do something. Gives what went wrong, if anything. */
export const ask = (request: ControlRequest): Promise<string | undefined> =>
  post('control', request)

/** Moves a record. Gives what went wrong, if anything. */
export const seek = (place: number): Promise<string | undefined> =>
  post('seek', { place } satisfies SeekRequest)

const post = async (route: string, request: object): Promise<string | undefined> => {
  try {
    const response = await fetch(`./${route}`, {
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
