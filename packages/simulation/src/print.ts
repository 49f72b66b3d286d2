export type Print = (line: string) => void

/** A reporter that fails changes no course, and hides no failure of one: `check` throws its first error when all is over. */
export const guarded = (print: Print): { readonly print: Print; readonly check: () => void } => {
  let failed: { readonly error: unknown } | undefined
  const fail = (error: unknown) => {
    failed ??= { error }
  }
  return {
    print: (line) => {
      if (failed) return
      try {
        // It may be async, whatever its type says.
        const given: unknown = print(line)
        if (given instanceof Promise) given.catch(fail)
      } catch (error) {
        fail(error)
      }
    },
    check: () => {
      if (failed) throw failed.error
    },
  }
}
