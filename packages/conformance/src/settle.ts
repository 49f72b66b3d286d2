/** Whether foreign code did what it was asked, or threw or rejected. */
export const settle = async (run: () => unknown): Promise<'fine' | 'failed'> => {
  try {
    await run()
    return 'fine'
  } catch {
    return 'failed'
  }
}
