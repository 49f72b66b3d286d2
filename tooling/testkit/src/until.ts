/** Waits for a condition, looking again in each turn of the event loop, instead of sleeping. */
export const until = async (
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeout = 60_000,
): Promise<void> => {
  const deadline = Date.now() + timeout
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
