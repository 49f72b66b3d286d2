import { toTransport } from '@conn-hub/secret-stack'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, StubRpc, StubSbot, setup } from './stub.js'

const A = 'net:10.0.0.1:8008~shs:a'

// Hooks may stand round every function of an sbot and of its rpcs, and be async: what they reject with, nobody else hears.

const rejections: unknown[] = []
const hear = (error: unknown) => rejections.push(error)
beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', hear)
})
afterEach(async () => {
  // It is told after the microtasks of a turn.
  await new Promise<void>((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect(rejections).toEqual([])
})

const fails = {
  throws: () => {
    throw new Error('by a hook')
  },
  rejects: () => Promise.reject(new Error('by a hook')),
}

describe.each(Object.entries(fails))('7: a hook that %s', (_, fail) => {
  it('round ssb.connect fails the dial at once, and leaves none pending', async () => {
    const { ssb, hub } = setup()
    const { connect } = ssb
    ssb.connect = fail
    expect(await codeOf(hub.connect(A))).toBe('DIAL_FAILED')
    ssb.connect = connect
    const again = hub.connect(A)
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, true)
    expect(await again).toBe(rpc)
  })

  it('round the close() of an rpc fails its disconnect at once', async () => {
    const { ssb, hub } = setup()
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, false)
    rpc.close = fail
    expect(await codeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect(hub.getState(A)).toBe('connected')
  })

  it('round the close() of an rpc that is refused does not reach the sbot', () => {
    const ssb = new StubSbot()
    ssb.ready = () => false
    const { hub } = setup(ssb)
    const rpc = new StubRpc('a', A)
    rpc.close = fail
    expect(() => ssb.tell(rpc, false)).not.toThrow()
    expect(hub.size).toBe(0)
  })

  it('round the manifest() of an rpc fails its probe', async () => {
    const ssb = new StubSbot()
    const rpc = Object.assign(new StubRpc('a', A), { manifest: fail })
    const sessions: { probe?: ((signal: AbortSignal) => Promise<void>) | undefined }[] = []
    const stop = toTransport(ssb).listen?.(({ session }) => sessions.push(session), {} as never)
    ssb.tell(rpc, false)
    const probing = sessions[0]?.probe?.(new AbortController().signal)
    await expect(probing).rejects.toThrow('by a hook')
    stop?.()
  })
})

describe('a hook that calls back, and gives a promise of the rpc', () => {
  it('round ssb.connect leaves the rpc open', async () => {
    const { ssb, hub } = setup()
    const rpc = new StubRpc('a', A)
    ssb.connect = async (_, callback) => {
      callback(null, rpc)
      return rpc as never
    }
    expect(await hub.connect(A)).toBe(rpc)
    await Promise.resolve()
    expect([rpc.closed, hub.size]).toEqual([false, 1])
  })
})
