/** Of a terminal: signs of East Asia and pictures take two cells, marks upon others none. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const NONE = /\p{M}/u

const cellsOf = (char: string): number => (NONE.test(char) ? 0 : WIDE.test(char) ? 2 : 1)

export const cellsIn = (text: string): number => {
  let cells = 0
  for (const char of text) cells += cellsOf(char)
  return cells
}

/** A text that fills so many cells: what is too long is cut, what is too short is filled up. The last cell stays free. */
export const toCell = (text: string, cells: number): string => {
  let used = 0
  let kept = ''
  const isWhole = cellsIn(text) < cells
  for (const char of text) {
    // Room for the sign that says that something is missing, and for the free cell.
    if (!isWhole && used + cellsOf(char) > cells - 2) break
    used += cellsOf(char)
    kept += char
  }
  const mark = isWhole ? '' : '…'
  return kept + mark + ' '.repeat(Math.max(0, cells - used - mark.length))
}
