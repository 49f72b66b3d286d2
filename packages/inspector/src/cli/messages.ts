import { toMessage } from './check.js'
import type { Message } from './message.js'

/** In characters: an inspector sends less than 1 MB at once. */
const MAX_BLOCK = 4_000_000

/** What comes is no stream of an inspector. */
export class NoInspector extends Error {}

/** Turns the text of a stream, which comes in pieces, into its messages. */
export class MessageReader {
  /** The pieces of a message that has not come to its end. */
  #pieces: string[] = []
  #length = 0

  read(text: string): Message[] {
    // A message may come in many pieces: they are put together once, at its end.
    const last = this.#pieces.at(-1)?.slice(-1) ?? ''
    if (!(last + text).includes('\n\n')) {
      this.#keep(text)
      return []
    }
    const blocks = (this.#pieces.join('') + text).split('\n\n')
    this.#pieces = []
    this.#length = 0
    this.#keep(blocks.pop() ?? '')
    return blocks.flatMap(readBlock)
  }

  #keep(text: string): void {
    if (text === '') return
    this.#pieces.push(text)
    this.#length += text.length
    if (this.#length > MAX_BLOCK) throw new NoInspector('a message without end')
  }
}

const readBlock = (block: string): Message[] => {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? []
    fields.set(name, value)
  }
  const data = fields.get('data')
  // A comment, or the pause that is asked for.
  if (data === undefined) return []
  return toMessage(fields.get('event') ?? '', parse(data), fields.get('id'))
}

const parse = (data: string): unknown => {
  try {
    return JSON.parse(data)
  } catch {
    throw new NoInspector('a message that is no JSON')
  }
}
