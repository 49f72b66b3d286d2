import { EventEmitter } from 'node:events'
import { createHub } from '@conn-hub/core'
import { measure, timeOf } from '../clock.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { createListeners } from '../subjects/listeners.js'
import { memoryTransport } from '../subjects/memory-transport.js'

const NODE = "Node's EventEmitter"
const MANY = 1_000
const CALLS = 500_000

type Emit = (i: number) => unknown

const costOf = (emit: Emit, listeners: number): Promise<number> => {
  const events = Math.ceil(CALLS / Math.max(1, listeners) / 10)
  return measure(async () => {
    const ns = await timeOf(() => {
      for (let i = 0; i < events; i++) emit(i)
    })
    return ns / events
  })
}

const hubWith = async (count: number): Promise<number> => {
  const hub = createHub({ transport: memoryTransport })
  await hub.connect('mem:a')
  const { listeners, heard } = createListeners(count)
  for (const listener of listeners) {
    hub.on('change', ({ after }) => listener(after?.data as { value: number }))
  }
  const cost = await costOf((value) => hub.update('mem:a', { value }), count)
  if (count > 0 && heard.sum === 0) throw new Error('nobody heard anything')
  return cost
}

const emitterWith = async (count: number): Promise<number> => {
  const emitter = new EventEmitter().setMaxListeners(0)
  const { listeners, heard } = createListeners(count)
  for (const listener of listeners) {
    emitter.on('change', ({ after }) => listener(after.data))
  }
  const cost = await costOf(
    (value) => emitter.emit('change', { after: { data: { value } } }),
    count,
  )
  if (count > 0 && heard.sum === 0) throw new Error('nobody heard anything')
  return cost
}

/** Through the whole hub: an update makes a new entry, and all who listen hear of it. */
export const hubBus: Row = {
  id: 'hub-bus',
  subjects: {
    [OURS]: async () => ({ none: await hubWith(0), many: await hubWith(MANY) }),
    [NODE]: async () => ({ many: await emitterWith(MANY) }),
  },
  figures: (rounds) => [
    {
      work: `hub.update() to ${grouped(MANY)} listeners of \`change\``,
      against: `${NODE}, an emit of the same`,
      unit: 'times',
      values: ratios(valuesOf(rounds, OURS, 'many'), valuesOf(rounds, NODE, 'many')),
    },
  ],
}
