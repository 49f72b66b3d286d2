import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
const of = async (code) => {
  const { outputFiles, metafile } = await build({ stdin: { contents: code, resolveDir: import.meta.dirname }, bundle: true, minify: true, write: false, metafile: true, format: 'esm', platform: 'browser', conditions: ['@conn-hub/source'] })
  return { size: gzipSync(outputFiles[0].contents, { level: 9 }).length, raw: outputFiles[0].contents.length, parts: Object.values(metafile.outputs)[0].inputs }
}
const HUB = `export { createHub } from '@conn-hub/core'`
const IT = `export { events, liveEntries, changes } from '@conn-hub/async-iterator'`
const IT1 = `export { events } from '@conn-hub/async-iterator'`
const WS = `export { createWebSocketTransport, tokenIdentity, watchPage } from '@conn-hub/websocket'`
const core = await of(HUB), it = await of(HUB + '\n' + IT), it1 = await of(HUB+'\n'+IT1), all = await of([HUB, IT, WS].join('\n')), ws = await of([HUB, WS].join('\n'))
console.log({ core: core.size, it: it.size, it1: it1.size, all: all.size, ws: ws.size - core.size, wsAdded: all.size - it.size, raw: all.raw })
const parts = Object.entries(all.parts).map(([k, v]) => [k.replace(/^.*packages\//, ''), v.bytesInOutput]).sort((a, b) => b[1] - a[1])
for (const [k, v] of parts) if (process.argv[2] || k.startsWith('websocket') || k.startsWith('src')) console.log(String(v).padStart(6), k)
