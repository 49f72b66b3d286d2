import { type Address, HubError, isHubError } from '@conn-hub/core'
import { byteLength } from './bytes.js'
import { closeCodeOf } from './codes.js'
import type { Hello, Identity } from './model/identity.js'
import type { Message, UpgradeRequest } from './model/link.js'
import type { LinkSession } from './session.js'

/** What a message of a hello may have, in bytes: the largest tokens are as large as a server lets headers be. */
const MAX_HELLO = 16_384

/** Runs the hello of one side. Where it fails the link is closed by a code, and the promise rejects. */
export const runHello = async (
  session: LinkSession,
  hello: NonNullable<Identity['dial']>,
  address?: Address,
): Promise<void> => {
  try {
    const key = await hello(new LinkHello(session, address))
    if (key !== undefined && (typeof key !== 'string' || key === ''))
      throw new Error('The key must be a string that is not empty.')
    session.key = key
  } catch (error) {
    refuse(session, error)
    throw error
  }
}

/** What is no refusal is our own fault, and its words are not for the other side. */
const refuse = (session: LinkSession, error: unknown): void => {
  if (isHubError(error)) session.end(closeCodeOf(error.code), 'hello-refused')
  else session.end(1011, 'hello-failed')
}

class LinkHello implements Hello {
  readonly #session: LinkSession
  readonly address: Address | undefined

  constructor(session: LinkSession, address: Address | undefined) {
    this.#session = session
    this.address = address
  }

  get request(): UpgradeRequest | undefined {
    return this.#session.request
  }

  get hasMore(): boolean {
    return this.#session.inbox.size > 0
  }

  send(message: Message): void {
    this.#session.send(message, byteLength(message) ?? 0)
  }

  receive(): Promise<Message> {
    return this.#session.read(this).then(toMessage)
  }
}

const toMessage = ({ done, value }: IteratorResult<Message, undefined>): Message => {
  if (done) throw new HubError('LINK_CLOSED', 'The link closed during the hello.')
  if ((byteLength(value) ?? 0) <= MAX_HELLO) return value
  throw new HubError('TOO_BIG', `A message of a hello may have ${MAX_HELLO} bytes.`)
}
