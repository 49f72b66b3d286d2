import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { findPort, type SbotRpc, type SecretStackVersion, withSbots } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { RpcSession } from '../src/session.js'
import { StubRpc } from './stub.js'

const VERSIONS: readonly SecretStackVersion[] = ['6.3', '6.4', '7.1', '8.1']
const PAIRS = VERSIONS.flatMap((ours) => VERSIONS.map((theirs) => [ours, theirs] as const))

/** What core's second edition says of a session. */
interface Probed {
  probe?: ((signal: AbortSignal) => Promise<void>) | undefined
}

const hubOn = (ssb: unknown) => createHub({ transport: toTransport<SbotRpc>(ssb as never) })

/** The hub's session at an address, or its only one. */
const sessionOf = (hub: ReturnType<typeof hubOn>, address?: string) => {
  const entry = address === undefined ? hub.snapshot()[0] : hub.get(address)
  return entry?.sessions[0] as RpcSession<SbotRpc> & Probed
}

const never = () => new AbortController().signal

const codeOf = (promise: Promise<void> | undefined): Promise<string> =>
  (promise ?? Promise.resolve()).then(
    () => 'answered',
    ({ code, name }) => (typeof code === 'string' ? code : name),
  )

/** Runs a test with an sbot in a process of its own, and ends it. */
const withProcess = async (
  version: string,
  shs: string,
  test: (address: string, child: ChildProcess) => Promise<void>,
): Promise<void> => {
  const program = join(import.meta.dirname, 'sbot-process.cjs')
  const child = fork(program, [version, shs, String(await findPort())], { execArgv: [] })
  try {
    const [address] = (await once(child, 'message')) as [string]
    await test(address, child)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

describe.each(PAIRS)('probe() between secret-stack %s and %s', (ours, theirs) => {
  it('is answered in both directions, many at once too, and leaves nothing behind', () =>
    withSbots([{ version: ours }, { version: theirs }], async (a, b) => {
      const [here, there] = [hubOn(a.ssb), hubOn(b.ssb)]
      const rpc = await here.connect(b.address)
      const sessions = [sessionOf(here, b.address), sessionOf(there)]
      const before = rpc.listenerCount('closed')
      for (const session of sessions) {
        await Promise.all([1, 2, 3].map(() => session.probe?.(never())))
        expect(session.probe).toBeTypeOf('function')
      }
      expect(rpc.listenerCount('closed')).toBe(before)
      await Promise.all([here.close(), there.close()])
    }))
})

describe.each(VERSIONS)('probe() of secret-stack %s', (version) => {
  it('finds out a stopped process, and rejects for every probe when its signal aborts', async () => {
    const shs = randomBytes(32).toString('base64')
    await withProcess(version, shs, (address, child) =>
      withSbots([{ version, caps: { shs } }], async ({ ssb }) => {
        const hub = hubOn(ssb)
        const rpc = await hub.connect(address)
        const session = sessionOf(hub, address)
        const before = rpc.listenerCount('closed')
        expect(await codeOf(session.probe?.(AbortSignal.timeout(10_000)))).toBe('answered')
        child.kill('SIGSTOP')
        const [one, other] = [300, 400].map((ms) =>
          codeOf(session.probe?.(AbortSignal.timeout(ms))),
        )
        expect([await one, await other]).toEqual(['TimeoutError', 'TimeoutError'])
        expect(hub.getState(address)).toBe('connected')
        const late = codeOf(session.probe?.(never()))
        child.kill('SIGCONT')
        expect(await late).toBe('answered')
        expect(rpc.listenerCount('closed')).toBe(before)
        await hub.close()
      }),
    )
  })

  it('rejects by SESSION_CLOSED when the link breaks, or is closed here, or was', async () => {
    const shs = randomBytes(32).toString('base64')
    await withProcess(version, shs, (address, child) =>
      withSbots([{ version, caps: { shs } }], async ({ ssb }) => {
        const hub = hubOn(ssb)
        await hub.connect(address)
        child.kill('SIGSTOP')
        const first = sessionOf(hub, address)
        const closedHere = codeOf(first.probe?.(never()))
        await hub.disconnect(address)
        expect(await closedHere).toBe('SESSION_CLOSED')
        expect(await codeOf(first.probe?.(never()))).toBe('SESSION_CLOSED')
        child.kill('SIGCONT')
        await hub.connect(address)
        const second = sessionOf(hub, address)
        child.kill('SIGSTOP')
        const broken = codeOf(second.probe?.(never()))
        child.kill('SIGKILL')
        expect(await broken).toBe('SESSION_CLOSED')
        await hub.close()
      }),
    )
  })
})

describe('probe() of an rpc', () => {
  const stub = (manifest: unknown) => Object.assign(new StubRpc('a'), { manifest })
  const probed = (rpc: StubRpc, signal = never()) =>
    codeOf(new RpcSession(rpc as never, true).probe?.(signal))

  it('is not there where the rpc has no manifest()', () => {
    expect(new RpcSession(new StubRpc('a'), false).probe).toBeUndefined()
    expect(new RpcSession({} as never, false).probe).toBeUndefined()
  })

  it('takes an error of the other side for life', async () => {
    const rpc = stub((callback: (error: unknown) => void) =>
      setImmediate(() => callback(new Error('method:manifest is not in list of allowed methods'))),
    )
    expect(await probed(rpc)).toBe('answered')
  })

  it('takes an error that our own side gives at once for none', async () => {
    const rpc = stub((callback: (error: unknown) => void) => callback(new Error('closing')))
    expect(await probed(rpc)).toBe('Error')
  })

  it('rejects with what manifest() throws, or the reason of a signal that has aborted', async () => {
    const rpc = stub(() => {
      throw new RangeError('stream is closed')
    })
    expect(await probed(rpc)).toBe('RangeError')
    expect(await probed(rpc, AbortSignal.abort(new TypeError('over')))).toBe('TypeError')
    expect(rpc.listenerCount('closed')).toBe(0)
  })
})
