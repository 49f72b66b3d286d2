/** What a page says: its name, or something to all. */
export interface Said {
  readonly name?: string
  readonly text?: string
}

/** What the server tells: who is there, or what somebody has said. */
export interface Told {
  readonly names?: readonly string[]
  readonly line?: { readonly name: string; readonly text: string }
}

/** What a stranger may have sent: texts, cut, or nothing. */
export const readSaid = (message: string | Uint8Array): Said => {
  try {
    const { name, text } = JSON.parse(String(message))
    return { ...short('name', name, 40), ...short('text', text, 1_000) }
  } catch {
    return {}
  }
}

const short = (field: string, value: unknown, length: number) =>
  typeof value === 'string' && value.trim() !== '' ? { [field]: value.slice(0, length) } : {}
