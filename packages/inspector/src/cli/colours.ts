const isOff = (): boolean => (process.env.NO_COLOR ?? '') !== ''

const paint = (code: number) => (text: string) =>
  isOff() ? text : `\u001b[${code}m${text}\u001b[0m`

export const bold = paint(1)
export const dim = paint(2)

const COLOURS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['connecting', paint(33)],
  ['connected', paint(32)],
  ['disconnecting', paint(35)],
  ['disconnected', dim],
  ['down', paint(31)],
])

/** A text in the colour of a state; a state that is not known here has none. */
export const inColourOf = (state: string, text: string): string =>
  COLOURS.get(state)?.(text) ?? text
