/** A place is `HUB.SEQ`. */
const read = (place: string): { hub: string; seq: number } => {
  const [hub = '', seq = ''] = place.split('.')
  return { hub, seq: Number(seq) }
}

/** From where on both readers hear all that they miss; `''`: one of them is new. */
export const older = (one: string, other: string): string => {
  const [a, b] = [read(one), read(other)]
  if (a.hub !== b.hub) return ''
  return a.seq < b.seq ? one : other
}
