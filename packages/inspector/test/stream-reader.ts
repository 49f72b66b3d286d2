import type { IncomingMessage } from 'node:http'
import { until } from '@conn-hub/testkit'
import type { Messages, PlainEntry, PlainEvent } from '../src/protocol.js'

interface Message {
  readonly id: string | undefined
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it looks at
  readonly data: any
}

/** Reads a stream as a page does, and keeps all that it has heard. */
export class StreamReader {
  readonly response: IncomingMessage
  readonly messages: Message[] = []
  readonly entries = new Map<string, PlainEntry>()
  readonly events: PlainEvent[] = []
  missed = 0
  ended = false
  #text = ''

  constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#read(text))
    response.on('close', () => {
      this.ended = true
    })
    response.on('error', () => {})
  }

  /** What is told of entries and events, in its order. */
  get story(): Message[] {
    return this.messages.filter(({ name }) => !['samples', 'aside', 'beat'].includes(name))
  }

  get names(): string[] {
    return this.story.map(({ name }) => name)
  }

  /** The last that was told of a thing beside. */
  aside<T extends keyof Messages['aside']>(thing: T): Messages['aside'][T] {
    return this.of('aside')
      .map((aside) => aside[thing])
      .filter((told) => told !== undefined)
      .at(-1)
  }

  /** Where a browser would go on from. */
  get place(): string | undefined {
    return this.messages
      .map(({ id }) => id)
      .filter(Boolean)
      .at(-1)
  }

  get seq(): number {
    return this.events.at(-1)?.seq ?? 0
  }

  of<N extends keyof Messages>(name: N): Messages[N][] {
    return this.messages.filter((message) => message.name === name).map(({ data }) => data)
  }

  /** Waits for the event with this `seq`, and for the entries before it. */
  async heard(seq: number): Promise<void> {
    await until(() => this.seq >= seq, `event ${seq} has come, after ${this.seq}`)
  }

  async saw(name: keyof Messages, times = 1): Promise<void> {
    await until(() => this.of(name).length >= times, `${name} has come ${times} times`)
  }

  close(): void {
    this.response.destroy()
  }

  #read(text: string): void {
    const blocks = (this.#text + text).split('\n\n')
    this.#text = blocks.pop() ?? ''
    for (const block of blocks) this.#take(toMessage(block))
  }

  #take(message: Message): void {
    this.messages.push(message)
    const { name, data } = message
    if (name === 'snapshot') this.entries.clear()
    for (const entry of data.entries ?? data.set ?? []) this.entries.set(entry.address, entry)
    for (const address of data.gone ?? []) this.entries.delete(address)
    if (name !== 'events') return
    this.missed += data.missed
    this.events.push(...data.events)
  }
}

const toMessage = (block: string): Message => {
  const fields = new Map(
    block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
  )
  const id = fields.get('id')
  return { id, name: fields.get('event') ?? '', data: JSON.parse(fields.get('data') ?? '') }
}
