/** How many bytes a message takes; `undefined` where it is none. */
export const byteLength = (data: unknown): number | undefined => {
  if (typeof data === 'string') return utf8Length(data)
  return isBytes(data) || isBuffer(data) ? data.byteLength : undefined
}

// By their tags: they may come from another realm.
const isBytes = (data: unknown): data is Uint8Array =>
  ArrayBuffer.isView(data) && tagOf(data) === 'Uint8Array'

const isBuffer = (data: unknown): data is ArrayBuffer =>
  Object.prototype.toString.call(data) === '[object ArrayBuffer]'

const tagOf = (view: ArrayBufferView): string | undefined =>
  (view as { [Symbol.toStringTag]?: string })[Symbol.toStringTag]

/** Without a copy. A lone half of a pair goes as U+FFFD, which takes three. */
export const utf8Length = (text: string): number => {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
    if (isPair) i++
    // A pair takes four bytes for its two units.
    bytes += isPair || unit >= 0x800 ? 2 : 1
  }
  return bytes
}
