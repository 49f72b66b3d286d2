import { readFileSync } from 'node:fs'
import { createHub, type Metadata, type Transport } from '@conn-hub/core'
import { createView, type Views } from '@conn-hub/core/view'
import { createMemoryNetwork, type MemoryLink } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'

const page = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8')

/** The lines after, of each block. */
const after = [...page.matchAll(/^```diff\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
  [...block.matchAll(/^\+ {0,2}(.*)$/gm)].map(([, line]) => line).join('\n'),
)
const [close, onClosed, view, fold, option, frozen, describes, deadline] = after as string[]

/** Runs a line with these names, and gives what `result` is then. */
const run = (line: string | undefined, names: Record<string, unknown>, result = 'undefined') =>
  new Function(...Object.keys(names), `${line}\nreturn ${result}`)(...Object.values(names))

/** A property of an object. */
const member = (line: string | undefined, names: Record<string, unknown>) =>
  run('', names, `({ ${line} })`)

const start = (change: Partial<Transport<MemoryLink>> = {}) => {
  const network = createMemoryNetwork()
  const bob = createHub({ transport: network.endpoint('bob') })
  const transport = network.endpoint('me')
  const hub = createHub({ transport: Object.assign(transport, change) })
  return { hub, bob, transport }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('what a user of 0.1.0 must do: the lines after', () => {
  it('are eight', () => {
    expect(after).toHaveLength(8)
  })

  it('close() is given no reason that a socket takes for an error', () => {
    const socket = { destroy: vi.fn() }
    member(close, { socket }).close('hub-closed')
    expect(socket.destroy.mock.calls).toEqual([[]])
  })

  it('onClosed() tells an error, or nothing', () => {
    const tell: (() => void)[] = []
    const socket = { errored: null, on: (_: string, listener: () => void) => tell.push(listener) }
    const listener = vi.fn()
    member(onClosed, { socket }).onClosed(listener)
    for (const each of tell) each()
    expect(listener.mock.calls).toEqual([[undefined]])
  })

  it('a view is made of the hub', () => {
    const { hub } = start()
    const made = run(view, { hub, createView }, 'view')
    made.start(() => {})
    expect(made.take()).toEqual({ added: [], changed: [], removed: [] })
  })

  it('a fold of changes has an entry that left and came back', async () => {
    const { hub } = start()
    const known = new Map<string, unknown>()
    const changes = createView(hub, 'changes')
    changes.start(() => {})
    const read = () => {
      const set = changes.take() as Views<MemoryLink, Metadata>['changes']
      run(fold, { ...set, known })
    }
    await hub.connect('mem:bob')
    read()
    await hub.disconnect('mem:bob')
    await hub.connect('mem:bob')
    read()
    expect([...known.values()]).toEqual(hub.snapshot())
    await hub.close()
  })

  it('metadata is given as data', () => {
    const { hub } = start()
    run(option, { hub })
    expect(hub.get('mem:bob')?.data).toEqual({ name: 'Bob' })
  })

  it('a function goes round the hub, which is frozen', () => {
    const { hub } = start()
    const logged = (call: (...given: unknown[]) => unknown) => vi.fn(call)
    const connect = run(frozen, { hub, logged }, 'connect')
    connect('mem:bob')
    expect(connect).toHaveBeenCalledTimes(1)
    expect(hub.getState('mem:bob')).toBe('connected')
    expect(Object.isFrozen(hub)).toBe(true)
  })

  it('an address that claims no key is connected whoever answers', async () => {
    const claims = start({ describe: () => ({ key: 'a label' }) })
    await expect(claims.hub.connect('mem:bob')).rejects.toMatchObject({ code: 'WRONG_PEER' })
    const { hub } = start(member(describes, {}))
    await hub.connect('mem:bob')
    expect(hub.get('mem:bob')?.key).toBe('bob')
  })

  it('a setting that is no number leaves the default', () => {
    const { transport } = start()
    expect(() => createHub({ transport, dialTimeout: Number.NaN })).toThrow('dialTimeout')
    for (const setting of ['', 'soon', '500']) {
      expect(() => run(deadline, { createHub, transport, setting })).not.toThrow()
    }
  })
})
