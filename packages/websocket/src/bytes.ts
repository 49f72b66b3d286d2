/** How many bytes a message takes; `undefined` where it is none. */
export const byteLength = (data: unknown): number | undefined => {
  if (typeof data === 'string') return utf8Length(data)
  // By its tag: it may come from another realm.
  const isBytes = /\b(Uint8Array|ArrayBuffer)\b/.test(Object.prototype.toString.call(data))
  return isBytes ? (data as Uint8Array | ArrayBuffer).byteLength : undefined
}

/** Without a copy. A lone half of a pair goes as U+FFFD, which takes three. */
export const utf8Length = (text: string): number => {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number
    // A pair.
    if (point > 0xffff) i++
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
