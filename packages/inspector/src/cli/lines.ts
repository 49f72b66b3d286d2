import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { PlainEvent } from '../protocol.js'
import type { Listener } from './link.js'
import { describeEvent, shortAddress } from './words.js'

/** How each thing that is told becomes a line. */
interface Form {
  event(event: PlainEvent): string
  /** What is no event, as one named value. */
  note(name: 'hub' | 'missed' | 'closed', value: string | number): string
}

const UNSAFE = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The same JSON, without what steers a terminal. */
const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (char) =>
    Array.from({ length: char.length }, (_, i) => toEscape(char.charCodeAt(i))).join(''),
  )

const toEscape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

export const AS_JSON: Form = {
  event: toJson,
  note: (name, value) => toJson({ [name]: value }),
}

const NOTES = {
  hub: () => 'the hub as it is now:',
  missed: (count: string | number) => `${count} events before these are not known`,
  closed: () => 'the hub has closed',
}

export const AS_TEXT: Form = {
  event: (event) =>
    `${new Date(event.at).toISOString()}  #${event.seq}  ${shortAddress(event.address)}  ${describeEvent(event)}`,
  note: (name, value) => NOTES[name](value),
}

/** Each event as a line, no faster than they are read. */
export const createLines = (form: Form, output: Writable, errors: Writable): Listener => {
  let hub: string | undefined
  const print = async (lines: readonly string[]) => {
    if (lines.length === 0) return
    if (!output.write(`${lines.join('\n')}\n`)) await once(output, 'drain')
  }
  return {
    hear: (message) => {
      if (message.name === 'hello' && message.data.hub !== hub) {
        hub = message.data.hub
        return print([form.note('hub', hub)])
      }
      if (message.name === 'closed') return print([form.note('closed', message.data.at)])
      if (message.name !== 'events') return
      const { events, missed } = message.data
      const gap = missed > 0 ? [form.note('missed', missed)] : []
      return print([...gap, ...events.map(form.event)])
    },
    lost: () => void errors.write('The link is lost, trying again.\n'),
  }
}
