import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { OURS, type Row, type Sample, valuesOf } from '../row.js'

const require = createRequire(import.meta.url)

/** In bytes, minified and gzipped, as a bundler of an app would make it of what is published. */
const sizeOf = async (code: string, external: string[] = []): Promise<number> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    external,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

const CORE = '@conn-hub/core'

const all = (name: string) => `export * from '${name}'`

const measureSizes: Sample = async () => {
  if (!/dist/.test(require.resolve(CORE))) throw new Error('what is published is not built')
  return {
    core: await sizeOf(all(CORE)),
    createHub: await sizeOf(`export { createHub } from '${CORE}'`),
    asyncIterator: await sizeOf(all('@conn-hub/async-iterator'), [CORE]),
    pullStream: await sizeOf(all('@conn-hub/pull-stream'), [CORE]),
    secretStackAlone: await sizeOf(all('@conn-hub/secret-stack'), [CORE, 'ssb-ref', 'ipaddr.js']),
  }
}

const PLACES: readonly [name: string, what: string, atMost?: number][] = [
  ['core', 'core, all of it', 4_096],
  ['createHub', 'core, createHub() alone', 4_096],
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
