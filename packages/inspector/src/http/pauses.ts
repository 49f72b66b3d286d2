/** In ms: a message comes no sooner than this after the one before. Each costs the system and its reader more than what is in it. */
const REST = 200
/** The same after a message of more than `MUCH` changes, which nobody can follow one by one, and where more than `FEW` read along. */
const LONG_REST = 400
const MUCH = 50
const FEW = 4

/**
 * Those that wait at the same time go on together: what is made for one of them is what the others miss, too. After a rest they go on at
 * once, so that what happens now and then is seen when it happens. `changes` counts them.
 */
export const createPauses = (
  readers: { readonly size: number },
  changes: () => number,
): (() => Promise<void>) => {
  let coming: Promise<void> | undefined
  let wentAt = Number.NEGATIVE_INFINITY
  let told = 0
  let isMuch = false

  const go = (resolve: () => void): void => {
    coming = undefined
    wentAt = performance.now()
    const count = changes()
    isMuch = count - told > MUCH
    told = count
    resolve()
  }
  return () => {
    coming ??= new Promise((resolve) => {
      const rest = isMuch || readers.size > FEW ? LONG_REST : REST
      setTimeout(() => go(resolve), Math.max(0, wentAt + rest - performance.now())).unref()
    })
    return coming
  }
}
