// Control characters steer terminals; format characters hide or reorder text; the others show nothing, and pass for a space.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u2800]/gu

/** Text that others chose (an address, a reason, an error), made safe for a log or a terminal. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)

/** How long a foreign text may be, in bytes: what fits into the close frame of a WebSocket. */
const MAX_TEXT = 123

/** A short text of others: printable, and cut at 123 bytes of UTF-8, whole characters alone. */
export const shortText = (text: string): string => {
  // A character takes at least one byte: what is longer is never looked at.
  const safe = printable(text.slice(0, MAX_TEXT))
  return safe.slice(0, new TextEncoder().encodeInto(safe, new Uint8Array(MAX_TEXT)).read)
}
