/** In characters: longer texts are cut. A hub takes no longer address. */
export const MAX = { address: 4096, key: 200, name: 80, text: 500, data: 4096 } as const

/** Cuts long texts of others, and remembers that it did. */
export class Truncator {
  cut = false

  text(text: string, max: number): string {
    if (text.length <= max) return text
    this.cut = true
    return copyOf(text, max)
  }

  optional(text: string | undefined, max: number): string | undefined {
    return text === undefined ? undefined : this.text(text, max)
  }
}

/** A copy: engines make a slice that keeps all of the long text alive. */
const copyOf = (text: string, length: number): string =>
  Buffer.from(text.slice(0, wholeLength(text, length)), 'utf16le').toString('utf16le')

/** Keeps surrogate pairs whole. */
const wholeLength = (text: string, length: number): number =>
  /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length
