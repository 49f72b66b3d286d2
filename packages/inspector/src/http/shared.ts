/** What was made last for a reader. Others that know as much, and miss as much, get the same bytes: `key` says what that is. */
export const createShared = () => {
  let known: { readonly key: string; readonly bytes: Buffer } | undefined
  return {
    find: (key: string): Buffer | undefined => (known?.key === key ? known.bytes : undefined),
    keep: (key: string, text: string): Buffer => {
      const bytes = Buffer.from(text)
      known = { key, bytes }
      return bytes
    },
  }
}

export type Shared = ReturnType<typeof createShared>
