import type { Messages } from '../protocol.js'

/** One message of the stream. */
export type Message = {
  [N in keyof Messages]: { readonly name: N; readonly data: Messages[N]; readonly id?: string }
}[keyof Messages]

/** Turns the text of a stream, which comes in pieces, into its messages. */
export class MessageReader {
  #rest = ''

  read(text: string): Message[] {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    // What keeps the stream alive is a comment.
    return blocks.filter((block) => !block.startsWith(':')).map(toMessage)
  }
}

const toMessage = (block: string): Message => {
  const fields = block.split('\n').map((line) => {
    const end = line.indexOf(': ')
    return [line.slice(0, end), line.slice(end + 2)]
  })
  const { id, event: name, data } = Object.fromEntries(fields)
  return { id, name, data: JSON.parse(data) } as Message
}
