const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_BELOW = '\u001b[0J'

/** A picture on a terminal that is drawn again where it was. Its lines must fit into the terminal. */
export const createDrawing = (output: NodeJS.WriteStream) => {
  let lines = 0
  return {
    draw: (text: string): void => {
      const up = lines > 0 ? `\u001b[${lines}A` : HIDE_CURSOR
      // After a terminal became smaller, there are no more lines than it has.
      lines = Math.min(text.split('\n').length, Math.max(1, (output.rows || 24) - 1))
      output.write(`${up}\r${CLEAR_BELOW}${text}\n`)
    },
    end: (): void => {
      if (lines > 0) output.write(SHOW_CURSOR)
    },
  }
}
