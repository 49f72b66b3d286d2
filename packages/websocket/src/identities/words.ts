import { HubError } from '@conn-hub/core'
import type { Hello } from '../model/identity.js'

// What the hellos here say to each other: texts that begin alike, so that a foreign server shows at once.

const WELCOME = 'conn-hub welcome'

/** Tells the other side that it is in. Until then it has nothing to say. */
export const welcome = (hello: Hello): void => {
  if (hello.hasMore) throw refused('The other side spoke before it was welcome.')
  hello.send(WELCOME)
}

export const welcomed = async (hello: Hello): Promise<void> => {
  if ((await hello.receive()) !== WELCOME) throw refused('The other side has another hello.')
}

/** The parts of the next message. */
export const receive = async (hello: Hello, form: RegExp): Promise<string[]> => {
  const message = await hello.receive()
  const parts = typeof message === 'string' ? form.exec(message) : null
  if (parts) return parts.slice(1)
  throw refused('The other side said what is no hello.')
}

export const refused = (what: string): HubError => new HubError('REFUSED', what)

export const unauthorized = (what: string): HubError => new HubError('UNAUTHORIZED', what)
