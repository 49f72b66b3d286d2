// Redis answers in two forms, by its protocol 2 or 3, and clients turn some replies into objects.

export type Pair = readonly [string, unknown]

/** A flat list, a list of pairs, a map or an object: what belongs together. */
export const pairsOf = (reply: unknown): Pair[] => {
  if (reply instanceof Map) return [...reply].map(([name, value]) => [String(name), value])
  if (!Array.isArray(reply)) return Object.entries((reply ?? {}) as Record<string, unknown>)
  if (Array.isArray(reply[0])) return reply.map(([name, value]) => [String(name), value])
  return reply.flatMap((name, at) => (at % 2 === 0 ? [[String(name), reply[at + 1]] as Pair] : []))
}

/** `HGETALL`: there may be very many, so no pairs are made of them where a client gives none. */
export const textsOf = (reply: unknown): Map<string, string> => {
  const texts = new Map<string, string>()
  if (Array.isArray(reply) || reply instanceof Map) {
    for (const [name, value] of pairsOf(reply)) texts.set(name, String(value))
    return texts
  }
  const fields = (reply ?? {}) as Record<string, unknown>
  for (const name of Object.keys(fields)) texts.set(name, String(fields[name]))
  return texts
}

/** The entries of `XREAD` of one stream, oldest first: id, and the value of one field. */
export const streamOf = (reply: unknown, field: string): Pair[] => {
  const [first] = reply === null || reply === undefined ? [] : pairsOfStreams(reply)
  return entriesOf(first, field)
}

export const entriesOf = (entries: unknown, field: string): Pair[] => {
  if (!Array.isArray(entries)) return []
  return entries.filter(Array.isArray).map(([id, fields]) => {
    const found = pairsOf(fields ?? []).find(([name]) => name === field)
    // A client may be set to give bytes.
    return [String(id), found && String(found[1])]
  })
}

/** `TIME`, in ms. */
export const timeOf = (reply: unknown): number => {
  const [seconds, micros] = reply as [string, string]
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
}

const pairsOfStreams = (reply: unknown): unknown[] => {
  if (!Array.isArray(reply)) return pairsOf(reply).map(([, entries]) => entries)
  // [[name, entries]], or flat: [name, entries].
  return Array.isArray(reply[0]) ? reply.map(([, entries]) => entries) : [reply[1]]
}
