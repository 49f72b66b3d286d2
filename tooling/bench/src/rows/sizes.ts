import { createRequire } from 'node:module'
import { everythingOf, sizeOf } from '../bundle.js'
import { OURS, type Row, type Sample, valuesOf } from '../row.js'

const require = createRequire(import.meta.url)

const CORE = '@conn-hub/core'

const HUB = `export { createHub } from '${CORE}'`

const measureSizes: Sample = async () => {
  if (!/dist/.test(require.resolve(CORE))) throw new Error('what is published is not built')
  return {
    core: await sizeOf(everythingOf(CORE)),
    createHub: await sizeOf(HUB),
    view: (await sizeOf(`${HUB}; export { createView } from '${CORE}/view'`)) - (await sizeOf(HUB)),
    asyncIterator: await sizeOf(everythingOf('@conn-hub/async-iterator'), { external: [CORE] }),
    pullStream: await sizeOf(everythingOf('@conn-hub/pull-stream'), { external: [CORE] }),
    secretStackAlone: await sizeOf(everythingOf('@conn-hub/secret-stack'), {
      external: [CORE, 'ssb-ref', 'ipaddr.js'],
    }),
  }
}

const PLACES: readonly [name: string, what: string, atMost?: number][] = [
  ['core', 'core, all of it'],
  ['createHub', 'core, createHub() alone', 7_600],
  ['view', 'core/view, what it adds to createHub()', 1_000],
  ['asyncIterator', 'async-iterator, without core', 1_024],
  ['pullStream', 'pull-stream, without core', 1_024],
  ['secretStackAlone', 'secret-stack without what it depends on'],
]

export const sizes: Row = {
  id: 'sizes',
  once: true,
  subjects: { [OURS]: measureSizes },
  figures: (rounds) =>
    PLACES.map(([name, what, atMost]) => ({
      work: `minified and gzipped: ${what}`,
      against: 'nobody',
      unit: 'bytes',
      values: valuesOf(rounds, OURS, name),
      ...(atMost === undefined ? undefined : { reach: { atMost } }),
    })),
}
