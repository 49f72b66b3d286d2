import type { Report } from './failure.js'
import type { ownJob } from './jobs.js'
import { failureOf } from './prefix.js'

/** In a thread: tells what its seeds come to. */
export const playShare = async (
  { job, tell }: NonNullable<ReturnType<typeof ownJob>>,
  call: string,
  { seeds, from }: { readonly seeds: number; readonly from: number },
  playSeed: (seed: number) => Promise<Report>,
): Promise<never> => {
  if (job.call !== call) tell({ seed: from, isOther: true })
  for (let seed = from + job.index; job.call === call && seed < from + seeds; seed += job.jobs) {
    let report: Report | undefined
    const error = await failureOf(async () => {
      report = await playSeed(seed)
      return report
    })
    tell(
      report && !error
        ? { seed, report: { hash: report.hash, happenings: report.happenings } }
        : { seed },
    )
    if (error) break
  }
  tell({ seed: from, isEnd: true })
  // The rest of the module is for the one who began the thread, and ends it.
  return new Promise(() => {})
}
