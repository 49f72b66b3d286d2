/** In ms: the changes of so long a time make one message. The more read along, the longer: else each would cost as much as the first. */
const BATCH = 50
const MOST_BATCHES = 8
const READERS_A_BATCH = 4

/** Those that wait at the same time go on together: what is made for one of them is what the others miss, too. */
export const createPauses = (readers: { readonly size: number }): (() => Promise<void>) => {
  let coming: Promise<void> | undefined
  return () => {
    coming ??= new Promise((resolve) => {
      const batches = Math.min(MOST_BATCHES, Math.ceil(readers.size / READERS_A_BATCH))
      setTimeout(() => {
        coming = undefined
        resolve()
      }, BATCH * batches).unref()
    })
    return coming
  }
}
