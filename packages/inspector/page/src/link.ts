import type { Messages } from '../../src/protocol.js'
import type { Mirror } from './state/mirror.js'

export type LinkState = 'opening' | 'live' | 'lost'

/** How long to wait where the browser has given up, in ms. */
const RETRY = 2_000

/** Folds the stream of the server into the mirror, and takes up again where it was when the link breaks. */
export class Link {
  readonly mirror: Mirror
  state: LinkState = 'opening'
  /** When it was lost, in ms since 1970. */
  lostAt = 0
  #lastId = ''
  /** How far the clock of the server is ahead of ours, in ms. */
  #ahead = 0
  readonly #listeners = new Set<() => void>()

  constructor(mirror: Mirror) {
    this.mirror = mirror
    setInterval(() => {
      if (this.state === 'live') mirror.tick(this.now())
      this.#tell()
    }, 1_000)
  }

  /** By the clock of the server, in ms since 1970. */
  now(): number {
    return Date.now() + this.#ahead
  }

  /** Calls back after each change, and each second. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(): void {
    const after = this.#lastId && `?after=${encodeURIComponent(this.#lastId)}`
    const source = new EventSource(`./stream${after}`)
    const on = <N extends keyof Messages>(name: N, fold: (message: Messages[N]) => void) =>
      source.addEventListener(name, (event: MessageEvent<string>) => {
        fold(JSON.parse(event.data))
        this.#lastId = event.lastEventId
        this.#tell()
      })
    const { mirror } = this
    on('hello', (hello) => {
      this.#ahead = hello.at - Date.now()
      this.state = 'live'
      mirror.hello(hello)
    })
    on('snapshot', (snapshot) => mirror.snapshot(snapshot, this.now()))
    on('changes', (changes) => mirror.changes(changes, this.now()))
    on('events', (events) => mirror.events(events))
    on('closed', (closed) => mirror.closed(closed))
    source.addEventListener('error', () => this.#lost(source))
  }

  #lost(source: EventSource): void {
    if (this.state !== 'lost') this.lostAt = Date.now()
    this.state = 'lost'
    // Where the server refused, the browser does not try again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => this.open(), RETRY)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
