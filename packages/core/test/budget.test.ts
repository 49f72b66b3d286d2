import { createHook } from 'node:async_hooks'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createHub, type Session, type Transport } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { turns } from '@conn-hub/testkit'
import { build } from 'esbuild'
import { afterEach, describe, expect, it, vi } from 'vitest'

// What a change costs, counted and not timed. A number that grows here is a cost that every user pays.

/** Opens and closes at once: what is counted is the hub's own. */
const instant: Transport<string> = {
  describe: (address) => ({ key: `key of ${address}` }),
  dial: (address, attempt) => attempt.succeed(createSession(address)),
}

const createSession = (handle: string): Session<string> => {
  let onClosed = () => {}
  return {
    handle,
    direction: 'outbound',
    close: () => onClosed(),
    onClosed: (listener) => {
      onClosed = listener
    },
  }
}

/** A hub with so many connected entries. */
const populated = (entries: number) => {
  const hub = createHub({ transport: instant })
  for (let i = 0; i < entries; i++) hub.connect(`peer ${i}`)
  expect(hub.size).toBe(entries)
  return hub
}

const iteratorOf = (empty: Map<never, never> | Set<never> | never[]) =>
  Object.getPrototypeOf(empty.values())

const COUNTED = [
  [Map.prototype, ['get', 'set', 'has', 'delete']],
  [Set.prototype, ['add', 'has', 'delete']],
  ...[new Map(), new Set(), []].map((empty) => [iteratorOf(empty as never), ['next']] as const),
] as unknown as [Record<string, (...args: unknown[]) => unknown>, string[]][]

/** How often maps and sets are asked or changed, and how many steps it takes to go through them, and through arrays. */
const stepsIn = (run: () => void): number => {
  let steps = 0
  const restores: (() => void)[] = []
  const count = (prototype: Record<string, (...args: unknown[]) => unknown>, name: string) => {
    const original = prototype[name] as (...args: unknown[]) => unknown
    prototype[name] = function (...args) {
      steps++
      return Reflect.apply(original, this, args)
    }
    restores.push(() => {
      prototype[name] = original
    })
  }
  for (const [prototype, names] of COUNTED) for (const name of names) count(prototype, name)
  try {
    run()
  } finally {
    // By index: what goes through an array is counted still.
    for (let i = 0; i < restores.length; i++) restores[i]?.()
  }
  return steps
}

/** How many promises are made. */
const promisesIn = (run: () => void): number => {
  let promises = 0
  const hook = createHook({
    init: (_, type) => {
      if (type === 'PROMISE') promises++
    },
  })
  hook.enable()
  try {
    run()
  } finally {
    hook.disable()
  }
  return promises
}

afterEach(() => void vi.useRealTimers())

describe('a connect and a disconnect', () => {
  it('make one promise each, for the caller', () => {
    const hub = populated(3)
    expect(promisesIn(() => void hub.connect('peer a'))).toBe(1)
    expect(promisesIn(() => void hub.disconnect('peer a'))).toBe(1)
  })

  it('start no timer where the transport answers at once', () => {
    vi.useFakeTimers()
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const hub = populated(3)
    hub.disconnect('peer 1')
    expect(hub.size).toBe(2)
    expect(setTimeout).not.toHaveBeenCalled()
  })

  it('call each listener once for each event, and nobody else', () => {
    const hub = populated(100)
    const [mine, all, changes, others] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()]
    hub.on('connected', mine)
    hub.on('*', all)
    hub.on('change', changes)
    hub.on('connecting-failed', others)
    hub.connect('peer a')
    hub.disconnect('peer a')
    expect([mine, all, changes, others].map(({ mock }) => mock.calls.length)).toEqual([1, 4, 4, 0])
  })
})

describe('the same work is done with 10 entries and with 10,000', () => {
  const [few, many] = [10, 10_000]
  const READERS = {
    'with nobody reading': () => {},
    'with a reader of changes': (hub: ReturnType<typeof populated>) => {
      const view = createView(hub, 'changes')
      view.start(() => view.take())
      view.take()
    },
    'with a reader of entries that does not come': (hub: ReturnType<typeof populated>) => {
      const view = createView(hub, 'entries')
      view.start(() => {})
      view.take()
    },
  }

  it.each(Object.entries(READERS))('%s', async (_, read) => {
    const work = async (entries: number): Promise<number[]> => {
      const hub = populated(entries)
      read(hub)
      // A reader that has just begun is given all entries, which costs as many steps.
      await turns()
      return [
        stepsIn(() => void hub.connect('peer a')),
        stepsIn(() => void hub.update('peer a', { n: 1 })),
        stepsIn(() => void hub.disconnect('peer a')),
      ]
    }
    const counted = await work(few)
    expect(Math.min(...counted)).toBeGreaterThan(0)
    expect(await work(many)).toEqual(counted)
  })
})

describe('a snapshot', () => {
  it('is built once for a change, whoever asks, and not at all where nobody does', () => {
    const hub = populated(50)
    const readers = Array.from({ length: 20 }, () => createView(hub, 'entries'))
    for (const reader of readers) reader.start(() => {})
    const freeze = vi.spyOn(Object, 'freeze')
    for (const reader of readers) reader.take()
    expect(freeze).toHaveBeenCalledTimes(1)
    for (let n = 0; n < 30; n++) hub.update('peer 7', { n })
    expect(freeze).toHaveBeenCalledTimes(1)
    const shown = new Set(readers.map((reader) => reader.take()))
    expect(freeze).toHaveBeenCalledTimes(2)
    expect(shown.size).toBe(1)
    vi.restoreAllMocks()
  })
})

/** In bytes, minified and gzipped, of a bundle of these exports. */
const sizeOf = async (contents: string): Promise<number> => {
  const { outputFiles } = await build({
    stdin: {
      contents,
      resolveDir: fileURLToPath(new URL('../src/', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

describe('the size of a bundle', () => {
  const HUB = "export { createHub } from './index.ts'"
  const VIEW = "export { createView } from './views/index.ts'"

  it('is what the README says, within 1 %, and not more', async () => {
    const hub = await sizeOf(HUB)
    const view = (await sizeOf(`${HUB};${VIEW}`)) - hub
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [, said, added] =
      /`createHub` takes ([\d,]+) bytes, and `createView` .* adds ([\d,]+)/.exec(readme) ?? []
    const toNumber = (text = '') => Number(text.replace(',', ''))
    expect(hub).toBeLessThanOrEqual(toNumber(said))
    expect(hub).toBeGreaterThan(toNumber(said) * 0.99)
    expect(view).toBeLessThanOrEqual(toNumber(added))
    expect(toNumber(added)).toBeLessThanOrEqual(1_000)
  })
})
