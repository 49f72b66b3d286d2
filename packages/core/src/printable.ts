// Control characters steer terminals; format characters hide or reorder text.
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text that others chose (an address, a reason, an error), made safe for a log or a terminal. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
