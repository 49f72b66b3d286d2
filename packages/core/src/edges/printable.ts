// Control characters steer terminals; format characters hide or reorder text; the others show nothing, and pass for a space.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u2800]/gu

/** Text that others chose (an address, a reason, an error), made safe for a log or a terminal. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)

/** The beginning of a text that takes at most `max` bytes of UTF-8, whole characters alone. */
export const cut = (text: string, max: number): string => {
  // A character takes at least one byte: what is longer is never looked at.
  let bytes = 0
  let kept = ''
  for (const char of text.slice(0, max)) {
    const code = char.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (bytes > max) break
    kept += char
  }
  return kept
}

/** How long a foreign text may be, in bytes: what fits into the close frame of a WebSocket. */
export const MAX_TEXT = 123

/** A short text of others: printable, and cut at 123 bytes of UTF-8. */
export const shortText = (text: string): string => cut(printable(text.slice(0, MAX_TEXT)), MAX_TEXT)
