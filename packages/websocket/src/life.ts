import { HubError } from '@conn-hub/core'
import { codeOf, type Ended, endedBy, lost } from './codes.js'

type State = 'opening' | 'open' | 'closing' | 'closed'
type ClosedListener = (error?: unknown, reason?: string) => void

/** Who waits for a socket to open. */
export interface Opening {
  opened(): void
  closed(ended: Ended): void
}

/** How a link opens and ends, whoever ends it. The subclasses know what goes over it, and the sockets of their platform. */
export abstract class LinkLife {
  opening: Opening | undefined
  protected state: State
  #ended: Ended | undefined
  #listeners: ClosedListener[] | undefined
  #timer: unknown

  constructor(state: State) {
    this.state = state
  }

  abstract readonly settings: { readonly closeTimeout: number }
  protected abstract closeSocket(code: number, text: string): void
  protected abstract destroySocket(): void
  /** The link has closed: nobody waits for it any more. */
  protected abstract ended(): void

  // For the hub.

  close(reason: string): void {
    this.end(codeOf(reason), reason)
  }

  destroy(): void {
    if (this.state === 'closed') return
    this.destroySocket()
    this.#finish(this.#ended ?? {})
  }

  onClosed(listener: ClosedListener): void {
    if (this.state === 'closed') listener(this.#ended?.error, this.#ended?.reason)
    else if (this.#listeners) this.#listeners.push(listener)
    else this.#listeners = [listener]
  }

  // For those who make links.

  /** Closes the link, with what `onClosed()` tells then. */
  end(code: number, text: string, ended: Ended = {}): void {
    if (this.state === 'opening') {
      this.#ended = ended
      this.destroy()
      return
    }
    if (this.state !== 'open') return
    this.state = 'closing'
    this.#ended = ended
    this.closeSocket(code, text)
    this.#timer = setTimeout(giveUp, this.settings.closeTimeout, this)
    unref(this.#timer)
  }

  // What the socket tells.

  opened(): void {
    if (this.state !== 'opening') return
    this.state = 'open'
    this.opening?.opened()
  }

  closed(code: number, text: string, cause?: unknown): void {
    if (this.state === 'closed') return
    this.#finish(this.#ended ?? endedBy(code, text, cause))
  }

  /** The other side has not answered the close. Not private: the timer takes no closure. */
  giveUp(): void {
    if (this.state === 'closed') return
    this.destroySocket()
    this.#finish(this.#ended?.error ? this.#ended : { error: lost(), reason: 'lost' })
  }

  protected gone(): HubError {
    return new HubError('LINK_CLOSED', 'The link is closing, or has closed.', {
      cause: this.#ended?.error,
    })
  }

  #finish(ended: Ended): void {
    this.state = 'closed'
    this.#ended = ended
    clearTimeout(this.#timer as number)
    this.#timer = undefined
    this.ended()
    const listeners = this.#listeners
    this.#listeners = undefined
    this.opening?.closed(ended)
    for (const listener of listeners ?? []) listener(ended.error, ended.reason)
  }
}

const giveUp = (life: LinkLife): void => life.giveUp()

/** In Node a timer is an object that keeps the process alive, in browsers a number. */
const unref = (timer: unknown): void => (timer as { unref?(): void }).unref?.()
