import type { Inbound, Session, Transport } from '@conn-hub/core'
import type { Asked, Told } from './control.js'

/** The transport of a server, as a page has it: what it does there is asked and told over a link of its own. */
export class FarTransport implements Transport<object> {
  readonly #control: WebSocket
  readonly #sessions = new Map<number, FarSession>()
  readonly calls = new Map<number, (error?: string) => void>()
  #accept: ((inbound: Inbound<object>) => void) | undefined
  #calls = 0

  constructor(control: WebSocket) {
    this.#control = control
    control.addEventListener('message', ({ data }) => this.#onTold(JSON.parse(data)))
  }

  describe(): object {
    return {}
  }

  dial(): undefined {
    throw new Error('nobody can dial a page')
  }

  listen(accept: (inbound: Inbound<object>) => void): () => void {
    this.#accept = accept
    return () => {
      this.#accept = undefined
    }
  }

  ask(asked: Asked): void {
    this.#control.send(JSON.stringify(asked))
  }

  call(begin: (call: number) => void, signal: AbortSignal): Promise<void> {
    const call = this.#calls++
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => {
        reject(signal.reason)
        this.ask({ asked: 'abort', call })
      })
      this.calls.set(call, (error) => (error === undefined ? resolve() : reject(new Error(error))))
      begin(call)
    })
  }

  #onTold(told: Told): void {
    if (told.told === 'answered') this.calls.get(told.call)?.(told.error)
    else if (told.told === 'closed') this.#sessions.get(told.id)?.end(told.error, told.reason)
    else if (told.told === 'session') this.#onSession(told)
  }

  #onSession(told: Told & { told: 'session' }): void {
    const session = new FarSession(told.id, this)
    this.#sessions.set(told.id, session)
    if (this.#accept) this.#accept({ address: told.address, session })
    else session.close('not-listening')
  }
}

class FarSession implements Session<object> {
  readonly handle = {}
  readonly direction = 'inbound'
  readonly #id: number
  readonly #transport: FarTransport
  readonly #listeners: ((error?: unknown, reason?: string) => void)[] = []
  #ended: [error: Error | undefined, reason: string | undefined] | undefined

  constructor(id: number, transport: FarTransport) {
    this.#id = id
    this.#transport = transport
  }

  close(reason: string): void {
    this.#transport.ask({ asked: 'close', id: this.#id, reason })
  }

  destroy(): void {
    this.#transport.ask({ asked: 'destroy', id: this.#id })
  }

  onClosed(listener: (error?: unknown, reason?: string) => void): void {
    if (this.#ended) listener(...this.#ended)
    else this.#listeners.push(listener)
  }

  probe(signal: AbortSignal): Promise<void> {
    if (this.#ended) return Promise.reject(new Error('it has closed'))
    return this.#transport.call(
      (call) => this.#transport.ask({ asked: 'probe', id: this.#id, call }),
      signal,
    )
  }

  /** What the server counts is judged where the server is: here the page's own is. */
  traffic(): object {
    return {}
  }

  end(error?: string, reason?: string): void {
    this.#ended = [error === undefined ? undefined : new Error(error), reason]
    for (const listener of this.#listeners.splice(0)) listener(...this.#ended)
  }
}
