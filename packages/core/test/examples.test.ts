import * as core from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createMemoryNetwork } from '@conn-hub/testkit'
import { examplesIn, runExample, typeErrorsOf } from '@conn-hub/testkit/examples'
import { describe, expect, it } from 'vitest'

const examples = examplesIn(new URL('../src/', import.meta.url))

/** What the examples talk of: a hub of a memory network, where bob and anna are, and small parts of an app. */
const prelude = () => {
  const network = createMemoryNetwork()
  const others = ['bob', 'anna'].map((name) =>
    core.createHub({ transport: network.endpoint(name) }),
  )
  const transport = network.endpoint('me')
  const hub = core.createHub({ transport })
  const sessionOf = (handle: unknown) => ({
    handle,
    direction: 'outbound' as const,
    close: () => {},
    onClosed: () => {},
  })
  const taken: ((socket: unknown) => void)[] = []
  const names = {
    ...core,
    createView,
    hub,
    transport,
    open: (address: string) => sessionOf(address),
    toSession: sessionOf,
    hello: async (socket: unknown) => ({ ...sessionOf(socket), direction: 'inbound' }),
    link: { end: () => {}, whenEnded: () => {} },
    lines: [] as string[],
    count: { dials: 0, ms: 0, running: 0 },
    queue: { add: (task: () => void) => void Promise.resolve().then(task) },
    server: { on: (_: 'connection', take: (socket: unknown) => void) => taken.push(take) },
  }
  const end = () => Promise.all([hub, ...others].map((each) => each.close()))
  return { names, hub, taken, end }
}

/** Declares the names of the prelude for the compiler, so that a name that is unknown, or a misuse, is an error. */
const DECLARATIONS = `
import { acceptor, createHub, decorate, dialer, isHubError, HubError, printable, toPlain, withOutcome } from '@conn-hub/core'
import type { Hub, Session, Transport } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
interface Link { send(message: unknown): void }
type Socket = Link & { port: number; destroy(): void }
declare const hub: Hub<Link>
declare const transport: Transport<Link>
declare const open: (address: string, options?: unknown) => Session<Socket>
declare const toSession: (link: unknown) => Session<Link>
declare const hello: (socket: Socket, signal: AbortSignal) => Promise<Session<Link>>
declare const link: { end(reason: string): void; whenEnded(listener: () => void): void }
declare const lines: string[]
declare const count: { dials: number; ms: number; running: number }
declare const queue: { add(task: () => void): void }
declare const server: { on(type: 'connection', take: (socket: Socket) => void): void }
export {}
`

const run = async (code: string) => {
  const { names, ...world } = prelude()
  try {
    await runExample(code, names)
    return world
  } finally {
    await world.end()
  }
}

describe('the examples of the public types', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(20)
  })

  it.each(examples)('$name runs', async ({ code }) => {
    await run(code)
  })

  // The compiler reads the whole package, and its libraries.
  it('compile, each in a block of its own, with the declarations of this package', () => {
    expect(typeErrorsOf(examples, DECLARATIONS, new URL('.', import.meta.url))).toEqual([])
  })

  it.each(['hub.conect("mem:bob")', 'unknownName()', 'throw new Error("x")'])(
    'would fail with %s',
    async (code) => {
      await expect(run(code)).rejects.toThrow()
    },
  )
})
