import type { Messages, Summary } from '../../../src/protocol.js'
import type { Mirror } from '../state/mirror.js'
import { askSummary, findRefusal, type Refusal } from './refusal.js'
import type { Heard, OpenSource, Source } from './source.js'

/** `silent`: the link stands, but nothing comes. `resting`: nobody looks at this page. */
export type LinkState = 'opening' | 'live' | 'silent' | 'lost' | 'resting'

/** How long to wait before it comes again, in ms. */
const RETRY = 1_500
/** In ms: the app says something each 15 s; three times in vain, and it hangs. */
const SILENCE = 45_000
/** In ms: a page that is hidden for so long gives its stream back, and asks now and then for what its title tells. */
const HIDDEN = 10_000
const GLANCE = 15_000

/** Folds the stream of the server into the mirror, and takes up again where it was when the link breaks. */
export class Link {
  readonly mirror: Mirror
  state: LinkState = 'opening'
  /** When it was lost, or heard last, in ms since 1970. */
  lostAt = 0
  why: Refusal | undefined
  /** What a page that rests knows. */
  summary: Summary | undefined
  readonly #openSource: OpenSource
  #source: Source | undefined
  #place = ''
  #heardAt = Date.now()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** How far the clock of the server is ahead of ours, in ms. */
  #ahead = 0
  readonly #listeners = new Set<() => void>()

  constructor(mirror: Mirror, openSource: OpenSource) {
    this.mirror = mirror
    this.#openSource = openSource
    setInterval(() => this.#tick(), 1_000)
  }

  /** By the clock of the server, in ms since 1970; of a record, its moment. */
  now(): number {
    return this.mirror.moment?.at ?? Date.now() + this.#ahead
  }

  /** Calls back after each change, and each second. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins, and from here on follows whether somebody looks. */
  begin(): void {
    if (document.hidden) this.#rest()
    else this.#open()
    document.addEventListener('visibilitychange', () => this.#seen(!document.hidden))
    // The page may come back as it was, but not its stream.
    addEventListener('pagehide', () => this.#close())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#seen(true))
  }

  #seen(isSeen: boolean): void {
    if (!isSeen) this.#later(HIDDEN, () => this.#rest())
    else if (!this.#source) this.#open()
    else clearTimeout(this.#timer)
  }

  #open(): void {
    this.#close()
    if (this.state === 'resting') this.state = 'opening'
    this.#heardAt = Date.now()
    this.#source = this.#openSource(
      this.#place,
      (message) => this.#hear(message),
      () => this.#lost(),
    )
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }

  #hear({ name, json, id }: Heard): void {
    this.#heardAt = Date.now()
    // Some messages have no place: who has them is where it was.
    if (id) this.#place = id
    const data = JSON.parse(json)
    if (name === 'hello') this.#greet(data)
    this.mirror.take(name, data, this.now())
    this.#tell()
  }

  #greet({ at }: Messages['hello']): void {
    this.#ahead = at - Date.now()
    this.state = 'live'
    this.why = undefined
  }

  #lost(): void {
    this.#source = undefined
    if (this.state !== 'lost') this.lostAt = Date.now()
    this.state = 'lost'
    this.#tell()
    if (document.hidden) {
      this.#rest()
      return
    }
    this.#later(RETRY, () => this.#open())
    findRefusal().then((why) => {
      if (this.state !== 'lost') return
      this.why = why
      this.#tell()
    })
  }

  /** Nobody looks: the title alone goes on. */
  async #rest(): Promise<void> {
    this.#close()
    this.state = 'resting'
    const answer = await askSummary()
    if (this.state !== 'resting') return
    this.summary = typeof answer === 'object' ? answer : undefined
    this.#tell()
    this.#later(GLANCE, () => this.#rest())
  }

  #later(ms: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, ms)
  }

  #tick(): void {
    const isDue = Date.now() - this.#heardAt > SILENCE
    if (isDue && this.state !== 'lost' && this.state !== 'resting') {
      if (this.state !== 'silent') this.lostAt = this.#heardAt
      this.state = 'silent'
      // It may be the link alone that is dead.
      this.#open()
    }
    if (this.state === 'live') this.mirror.tick(this.now())
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
