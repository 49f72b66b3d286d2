/** Whether foreign code did what it was asked, or threw or rejected. */
export const settle = async (run: () => unknown): Promise<'fine' | 'failed'> => {
  try {
    await run()
    return 'fine'
  } catch {
    return 'failed'
  }
}

/** Calls foreign code whose promise nobody need wait for; `failed` is there once it has thrown or rejected. */
export const call = (run: () => unknown): { failed?: { readonly error: unknown } } => {
  const seen: { failed?: { readonly error: unknown } } = {}
  const fail = (error: unknown) => {
    seen.failed = { error }
  }
  try {
    Promise.resolve(run()).catch(fail)
  } catch (error) {
    fail(error)
  }
  return seen
}

/** Waits for foreign code, but not for ever; whatever becomes of it is fine. */
export const atMost = async (ms: number, run: () => unknown): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([settle(run), over])
  clearTimeout(timer)
}
