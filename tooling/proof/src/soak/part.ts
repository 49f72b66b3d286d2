import { type Heap, heapInUse, measureHeap } from './heap.js'

/** What is counted at the end, by name; all of it must be 0. */
export type Left = Readonly<Record<string, number>>

/** Somewhere connections come and go. */
export interface World {
  readonly name: string
  /** How many cycles may run at once; each is told its lane. */
  readonly lanes: number
  /** One connection that comes and goes, in one of many ways. */
  cycle(index: number, lane: number): Promise<void>
  /** Resolves when nothing of the cycles is under way any more. */
  quiet(): Promise<void>
  /** Ends it, and counts what is left. */
  end(): Promise<Left>
}

export interface PartOptions {
  readonly cycles: number
  /** The heap is measured first after so many, then at the end. */
  readonly first: number
  readonly print: (line: string) => void
}

export interface PartReport {
  readonly name: string
  readonly cycles: number
  /** In ms. */
  readonly took: number
  /** The cycle after which the heap was measured first. */
  readonly first: number
  readonly heap: { readonly first: Heap; readonly last: Heap }
  readonly left: Left
}

/** In ms, between two lines of progress. */
const PROGRESS = 5_000

export const runPart = async (world: World, options: PartOptions): Promise<PartReport> => {
  const { cycles, first, print } = options
  // The first look leaves traces of its own.
  await measureHeap()
  const begun = performance.now()
  let done = 0
  let progressDue = PROGRESS

  const took = () => performance.now() - begun
  const tell = async () => {
    progressDue = took() + PROGRESS
    print(progress(world.name, done, took(), await heapInUse()))
  }
  const runTo = async (target: number): Promise<void> => {
    let next = done
    const run = async (lane: number) => {
      while (next < target) {
        await world.cycle(next++, lane)
        done++
        if (took() > progressDue) await tell()
      }
    }
    await Promise.all(Array.from({ length: world.lanes }, (_, lane) => run(lane)))
    await world.quiet()
  }

  await runTo(first)
  const heapFirst = await measureHeap()
  await runTo(cycles)
  const heap = { first: heapFirst, last: await measureHeap() }
  const report = { name: world.name, cycles: done, took: took(), first, heap }
  return { ...report, left: await world.end() }
}

const progress = (name: string, cycles: number, took: number, heap: number): string => {
  const rate = Math.round((cycles / took) * 1000)
  return `${name}: ${grouped(cycles)} cycles, ${grouped(rate)}/s, heap ${megabytes(heap)}`
}

export const grouped = (count: number): string => count.toLocaleString('en')

export const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(2)} MB`

export const kilobytes = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KB`
