import { openMemoryWorld } from './memory-world.js'
import { grouped, kilobytes, megabytes, type PartReport, runPart } from './part.js'
import { openSbotWorld } from './sbot-world.js'

export interface SoakOptions {
  readonly memoryCycles: number
  readonly sbotCycles: number
  readonly print: (line: string) => void
}

/** In bytes: how much larger the heap may be at the end than after the first hundredth. */
export const MAX_GROWTH = 1_048_576
/** The same for the data on it: for a million cycles less than a bit of each. */
export const MAX_DATA_GROWTH = 65_536

/** Runs all parts, one after the other; 0 cycles means none of it. */
export const runSoak = async (options: SoakOptions): Promise<PartReport[]> => {
  const { memoryCycles, sbotCycles, print } = options
  const parts = [
    { cycles: memoryCycles, open: openMemoryWorld },
    { cycles: sbotCycles, open: openSbotWorld },
  ].filter(({ cycles }) => cycles > 0)
  const reports: PartReport[] = []
  for (const { cycles, open } of parts) {
    const first = Math.ceil(cycles / 100)
    reports.push(await runPart(await open(), { cycles, first, print }))
  }
  return reports
}

/** What is wrong, in words; nothing where all is well. */
export const faultsOf = ({ name, heap, left }: PartReport): string[] => {
  const faults = Object.entries(left)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${name}: ${what} left: ${count}, and not 0`)
  const grown = {
    heap: [heap.last.used - heap.first.used, MAX_GROWTH],
    'data on the heap': [heap.last.data - heap.first.data, MAX_DATA_GROWTH],
  } as const
  for (const [what, [by, most]] of Object.entries(grown)) {
    if (by <= most) continue
    faults.push(`${name}: ${what} has grown by ${kilobytes(by)}; allowed: ${kilobytes(most)}`)
  }
  return faults
}

/** What came of one part, in a few lines. */
export const summaryOf = ({ name, cycles, took, first, heap, left }: PartReport): string => {
  const from = `after ${grouped(first)} cycles`
  const leftovers = Object.entries(left).map(([what, count]) => `${what} ${count}`)
  return [
    `${grouped(cycles)} cycles in ${Math.round(took / 1000)} s`,
    `heap ${megabytes(heap.first.used)} ${from}, ${megabytes(heap.last.used)} at the end`,
    `data on it ${kilobytes(heap.first.data)} ${from}, ${kilobytes(heap.last.data)} at the end`,
    `left: ${leftovers.join(', ')}`,
  ]
    .map((line) => `${name}: ${line}`)
    .join('\n')
}
