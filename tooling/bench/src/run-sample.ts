import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Measures } from './row.js'

const OWN = fileURLToPath(new URL('./sample.js', import.meta.url))

/** In ms: the longest takes about a minute on a machine that is not busy. */
const PATIENCE = 15 * 60_000
/** In megabytes: 1.2.1 takes more than a gigabyte for a reader that does not read. */
const HEAP = 8_192

export interface SampleOrder {
  readonly node: string
  readonly row: string
  readonly subject: string
  readonly quick: boolean
  /** Of another build; by default ours. */
  readonly program?: string
}

/** Each sample has a process of its own: what one has compiled or left behind does not touch the next. */
export const runSample = ({
  node,
  row,
  subject,
  quick,
  program = OWN,
}: SampleOrder): Promise<Measures> =>
  new Promise((resolve, reject) => {
    const child = fork(program, [row, subject, ...(quick ? ['--quick'] : [])], {
      execPath: node,
      execArgv: ['--expose-gc', `--max-old-space-size=${HEAP}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: PATIENCE,
    })
    let measures: Measures | undefined
    let errors = ''
    child.stderr?.on('data', (part) => {
      errors += part
    })
    child.on('message', (message) => {
      measures = message as Measures
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (measures) resolve(measures)
      else reject(new Error(`${row} of ${subject} failed (${signal ?? code}):\n${errors}`))
    })
  })
