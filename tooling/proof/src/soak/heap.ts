import { text } from 'node:stream/consumers'
import { getHeapSnapshot, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** In bytes, once all that can be collected has been. */
export interface Heap {
  /** All that is in use. */
  readonly used: number
  /** Of it what programs make: objects, functions, strings, buffers. The rest is V8's: code, shapes, tables. */
  readonly data: number
}

export const measureHeap = async (): Promise<Heap> => {
  const used = await heapInUse()
  return { used, data: dataOf(JSON.parse(await text(getHeapSnapshot()))) }
}

let collect: (() => void) | undefined

export const heapInUse = async (): Promise<number> => {
  collect ??= exposeGc()
  // What one collection finalizes, only the next one frees.
  for (let round = 0; round < 4; round++) {
    await new Promise(setImmediate)
    collect()
  }
  return process.memoryUsage().heapUsed
}

/** V8 compiles what runs often, for as long as a program learns, and that would pass for a leak: here it interprets. */
export const keepFromCompiling = (): void => {
  for (const flag of ['--no-opt', '--no-sparkplug']) setFlagsFromString(flag)
}

const exposeGc = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] }
  }
  /** One row of fields after the other. */
  readonly nodes: number[]
}

/** What such a table (`array`) holds is counted by itself; only its places are not, which double now and then. */
const OF_V8 = new Set(['array', 'code', 'hidden', 'object shape', 'synthetic'])

const dataOf = ({ snapshot, nodes }: Snapshot): number => {
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')]
  let sum = 0
  for (let row = 0; row < nodes.length; row += fields.length) {
    const name = types[0][nodes[row + type] as number] as string
    if (!OF_V8.has(name)) sum += nodes[row + size] as number
  }
  return sum
}
