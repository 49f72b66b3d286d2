import type { Size } from './row.js'
import { ROWS } from './rows/index.js'

// A process of its own for one sample: node --expose-gc sample.js ROW SUBJECT [--quick]
const [id, subject = '', mode] = process.argv.slice(2)

const sample = ROWS.find((row) => row.id === id)?.subjects[subject]
if (!sample) throw new Error(`there is no ${id} of ${subject}`)

const size: Size = (full, quick) => (mode === '--quick' ? quick : full)
const measures = await sample(size)
for (const [name, value] of Object.entries(measures)) {
  if (!Number.isFinite(value)) throw new Error(`${name} of ${subject} is ${value}`)
}
// Without the parent, somebody looks at it by hand.
if (process.send) process.send(measures, () => process.exit())
else console.log(measures)
