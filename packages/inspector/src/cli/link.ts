import { get, type IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from './message.js'
import { MessageReader, NoInspector } from './messages.js'

/** In ms: between two tries to take the stream up again. */
const PAUSE = 1_000
/** In ms: a stream says something each 15 s; three times in vain, and it is dead. */
const SILENCE = 45_000

/** There is no inspector, or it does not let us in; `message` is one line for people. */
export class Refused extends Error {}

export interface Listener {
  /** The next message is read once this one is done with. */
  hear(message: Message): void | Promise<void>
  /** The link is lost; it is taken up again where it was. */
  lost(): void
}

/**
 * Follows the stream of an inspector for ever. Rejects with `Refused` where nobody answers at the first try, or
 * where somebody answers and refuses.
 */
export const follow = async (url: URL, listener: Listener): Promise<never> => {
  let place: string | undefined
  const hear = async (message: Message) => {
    await listener.hear(message)
    if (message.id !== undefined) place = message.id
  }
  await readToEnd(await open(url, place).catch(toRefused(url)), hear, url)
  for (;;) {
    listener.lost()
    let stream: IncomingMessage | undefined
    while (!stream) {
      await sleep(PAUSE)
      stream = await open(url, place).catch(onlyRefused)
    }
    await readToEnd(stream, hear, url)
  }
}

/** However it ends. */
const readToEnd = async (
  stream: IncomingMessage,
  hear: (message: Message) => Promise<void>,
  url: URL,
): Promise<void> => {
  const reader = new MessageReader()
  try {
    for await (const text of stream.setEncoding('utf8')) {
      for (const message of reader.read(text)) await hear(message)
    }
  } catch (error) {
    if (error instanceof NoInspector) throw new Refused(reasonOf(200, url))
    // Broken off: it is taken up again.
  }
}

const open = async (url: URL, place: string | undefined): Promise<IncomingMessage> => {
  const headers: Record<string, string> = place === undefined ? {} : { 'last-event-id': place }
  const stream = await request(new URL('stream', url), headers)
  const isStream = /^text\/event-stream\s*(;|$)/i.test(stream.headers['content-type'] ?? '')
  if (stream.statusCode === 200 && isStream) return stream
  stream.destroy()
  throw new Refused(reasonOf(stream.statusCode, url))
}

const request = (url: URL, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? getSecurely : get
    const asked = ask(url, { headers, agent: false, timeout: SILENCE }, resolve)
    asked.on('timeout', () => asked.destroy())
    asked.on('error', reject)
  })

const reasonOf = (status: number | undefined, { host }: URL): string => {
  if (status === 404) return `${host} does not know this token. Has the app been started anew?`
  if (status === 401)
    return `${host} wants a password: put it into the address (https://NAME:PASSWORD@…).`
  if (status === 403)
    return `${host} refuses to be asked by this name: see its option allowedHosts.`
  if (status === 503) return `${host} serves as many readers as it may already.`
  return `At ${host} is something else than an inspector.`
}

const onlyRefused = (error: unknown): undefined => {
  if (error instanceof Refused) throw error
}

const toRefused =
  ({ host }: URL) =>
  (error: unknown): never => {
    if (error instanceof Refused) throw error
    throw new Refused(`Nobody answers at ${host}: ${(error as Error).message}`)
  }
