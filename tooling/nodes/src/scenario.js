import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import * as facade from '@conn-hub/async-iterator'
import * as core from '@conn-hub/core'
import * as inspector from '@conn-hub/inspector'
import * as pullFacade from '@conn-hub/pull-stream'
import { pathOf, readOurs } from './ours.js'

// Runs under any Node: what is published is loaded both ways, and does the same.

const require = createRequire(import.meta.url)

/** Every entry is there by `import` and by `require`, with the same names. */
const loadAll = async () => {
  const packages = (await readOurs()).filter(({ isEmpty }) => !isEmpty)
  for (const { name, esm, cjs } of packages.flatMap(({ entries }) => entries)) {
    const required = require(pathOf(cjs))
    if (esm === undefined) {
      equal(typeof required, 'function', name)
      continue
    }
    const imported = await import(esm.href)
    ok(Object.keys(imported).length > 0, `${name} exports nothing`)
    deepEqual(Object.keys(required).sort(), Object.keys(imported).sort(), name)
  }
}

const imported = { core, facade, pullFacade, inspector }
const required = {
  core: require('@conn-hub/core'),
  facade: require('@conn-hub/async-iterator'),
  pullFacade: require('@conn-hub/pull-stream'),
  inspector: require('@conn-hub/inspector'),
}
for (const name of ['core', 'async-iterator', 'pull-stream', 'inspector']) {
  ok(/[\\/]dist[\\/]index\.cjs$/.test(require.resolve(`@conn-hub/${name}`)), `${name} is published`)
}

const EVENTS = ['connecting a', 'connected a', 'disconnecting a', 'disconnected a']

/** A transport whose sessions open and close at once. */
const open = async () => {
  let tell = () => {}
  const onClosed = (/** @type {() => void} */ listener) => {
    tell = listener
  }
  return {
    handle: 'hello',
    direction: /** @type {const} */ ('outbound'),
    close: () => tell(),
    onClosed,
  }
}

/** @param {typeof imported} loaded */
const play = async ({ core, facade, pullFacade, inspector }) => {
  const transport = { describe: () => ({}), dial: core.dialer(open) }
  const hub = core.createHub({ transport })
  /** @type {string[]} */
  const read = []
  const reading = (async () => {
    for await (const { type, address } of facade.events(hub)) read.push(`${type} ${address}`)
  })()
  /** @type {string[]} */
  const pulled = []
  const source = pullFacade.listen(hub)
  /** @type {Parameters<typeof source>[1]} */
  const onItem = (end, event) => {
    if (end) return void pulled.push('the end')
    pulled.push(`${event?.type} ${event?.address}`)
    source(null, onItem)
  }
  source(null, onItem)
  const { url, close } = await inspector.serveInspector(hub)
  equal(await hub.connect('a'), 'hello')
  equal((await fetch(url)).status, 200)
  await close()
  equal(await hub.disconnect('a'), true)
  await hub.close()
  await reading
  deepEqual(read, EVENTS)
  deepEqual(pulled, [...EVENTS, 'the end'])
  const refused = await hub.connect('a').catch((error) => error)
  equal(refused.code, 'HUB_CLOSED')
  return refused
}

const playDropIn = async () => {
  const ConnHub = require('@conn-hub/ssb-conn-hub')
  const address = `net:10.0.0.1:8008~shs:${'a'.repeat(43)}=`
  const rpc = Object.assign(new EventEmitter(), {
    id: `@${'a'.repeat(43)}=.ed25519`,
    stream: { address },
    close: (/** @type {unknown} */ _, /** @type {() => void} */ callback) => {
      rpc.emit('closed')
      callback()
    },
  })
  const ssb = Object.assign(new EventEmitter(), {
    connect: (/** @type {string} */ _, /** @type {Function} */ callback) => {
      ssb.emit('rpc:connect', rpc, true)
      callback(null, rpc)
    },
  })
  const hub = new ConnHub(ssb)
  equal(await hub.connect(address), rpc)
  equal(hub.getState(address), 'connected')
  equal(await hub.disconnect(address), true)
  equal(hub.getState(address), undefined)
  hub.close()
}

await loadAll()
notEqual(imported.core.createHub, required.core.createHub)
const error = await play(imported)
await play(required)
ok(required.core.isHubError(error), 'an error of the one copy is known to the other')
await playDropIn()
console.log('all is well')
