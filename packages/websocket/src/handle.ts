import { HubError } from '@conn-hub/core'
import { byteLength } from './bytes.js'
import { DONE } from './inbox.js'
import type { Message, UpgradeRequest, WebSocketLink } from './model/link.js'
import type { ProbeTexts } from './model/options.js'

/** What a handle uses of its session. */
export interface HandleOwner {
  readonly settings: { readonly probeTexts: ProbeTexts; readonly closeOnBreak: boolean }
  readonly inbox: { leave(reader: object): void }
  readonly request: UpgradeRequest | undefined
  readonly protocol: string
  readonly bufferedAmount: number
  send(data: Message | ArrayBuffer, bytes: number): boolean
  drained(): Promise<void>
  read(reader: object): Promise<IteratorResult<Message, undefined>>
  close(reason: string): void
}

export class Handle implements WebSocketLink {
  readonly #session: HandleOwner

  constructor(session: HandleOwner) {
    this.#session = session
  }

  get bufferedAmount(): number {
    return this.#session.bufferedAmount
  }

  get protocol(): string {
    return this.#session.protocol
  }

  get request(): UpgradeRequest | undefined {
    return this.#session.request
  }

  send(data: Message | ArrayBuffer): boolean {
    const bytes = byteLength(data)
    if (bytes === undefined) {
      throw invalid('A message is a string, a Uint8Array or an ArrayBuffer')
    }
    const { ask, answer } = this.#session.settings.probeTexts
    if (data === ask || data === answer) {
      throw invalid(`The text "${data}" is for probes; the option "probeTexts" sets another one`)
    }
    return this.#session.send(data, bytes)
  }

  drained(): Promise<void> {
    return this.#session.drained()
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message> {
    return new Reader(this.#session)
  }
}

class Reader implements AsyncIterableIterator<Message> {
  readonly #session: HandleOwner
  #hasLeft = false

  constructor(session: HandleOwner) {
    this.#session = session
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    return this.#hasLeft ? Promise.resolve(DONE) : this.#session.read(this)
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#hasLeft = true
    this.#session.inbox.leave(this)
    if (this.#session.settings.closeOnBreak) this.#session.close('disconnect')
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message> {
    return this
  }
}

const invalid = (what: string): HubError => new HubError('INVALID_MESSAGE', `${what}.`)
