import type { BeginLine } from './lines.js'

/** Where in a record an app was started anew, and one count for the events of all its runs: a hub has one order. */
export const createRuns = () => {
  let run: string | undefined
  let isOver = false
  /** As it was written, and as it was told. */
  let written = 0
  let told = 0
  /** How far the runs before came. */
  let before = 0
  return {
    /** Whether a part is of another run than what came before it. */
    isOther: (line: BeginLine): boolean => {
      const isOther = isOver || line.run !== run
      run = line.run
      isOver = false
      return isOther
    },
    end: (): void => {
      isOver = true
    },
    seqOf: (seq: number): number => {
      // A count that goes back is another count, however it came into the record.
      if (seq <= written) before = told
      written = seq
      told = before + seq
      return told
    },
  }
}

export type Runs = ReturnType<typeof createRuns>
