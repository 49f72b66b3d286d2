import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { journalOf } from '../src/journal.js'
import { setup, soon } from './support.js'

/** The answers that the server of this process has begun. */
const watchResponses = (): ServerResponse[] => {
  const responses: ServerResponse[] = []
  const note = (message: unknown) => {
    responses.push((message as { response: ServerResponse }).response)
  }
  subscribe('http.server.request.start', note)
  onTestFinished(() => void unsubscribe('http.server.request.start', note))
  return responses
}

/**
 * A hub with 5,000 entries, each with 4 KB of metadata, and a reader that takes nothing until `takesAll()`. Its socket is held here: what
 * the system itself keeps of one that does not read may be 40 MB.
 */
const stalled = async () => {
  const scene = await setup()
  const responses = watchResponses()
  for (let i = 0; i < 5_000; i++) {
    scene.open(`peer${i}`)
    scene.hub.update(`fault:peer${i}`, { text: 'x'.repeat(4_000) })
  }
  const reader = await scene.stream()
  const [response] = responses
  if (!response) throw new Error('no answer has begun')
  response.socket?.cork()
  await soon(() => response.writableNeedDrain)
  return { ...scene, reader, response, takesAll: () => response.socket?.uncork() }
}

describe('a reader that takes nothing', () => {
  it('lets less than 1 MB wait for it, however much happens, and knows all once it reads', async () => {
    const { hub, open, stream, reader, response, takesAll } = await stalled()
    const other = await stream()
    for (let round = 1; round <= 5; round++) {
      for (let i = 0; i < 5_000; i++) hub.update(`fault:peer${i}`, { round })
      for (let i = 0; i < 1_000; i++) open('visitor').end()
      // Who reads has got all of it: there was time to write to who does not.
      await other.heard(5_000 + round * 2_000)
      expect(response.writableLength).toBeGreaterThan(0)
      expect(response.writableLength).toBeLessThan(1_000_000)
    }
    takesAll()
    await reader.heard(15_000)
    expect(reader.entries.size).toBe(5_000)
    expect(reader.entries.get('fault:peer7')?.data).toMatch(/"round":5\}?$/)
    expect(reader.events.length + reader.missed).toBe(15_000)
    expect(reader.ended).toBe(false)
  })

  it('is let go after 30 s, and nothing of it stays with the hub', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { hub, response } = await stalled()
    const { changes } = journalOf(hub).kept
    vi.advanceTimersByTime(29_999)
    expect([response.destroyed, changes.readers]).toEqual([false, 1])
    vi.advanceTimersByTime(1)
    expect([response.destroyed, changes.readers]).toEqual([true, 0])
  })

  it('is let go no more once it has read on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { reader, response, takesAll } = await stalled()
    vi.advanceTimersByTime(29_999)
    takesAll()
    await soon(() => reader.seq === 5_000)
    vi.advanceTimersByTime(60_000)
    expect(response.destroyed).toBe(false)
  })
})

describe('a large snapshot', () => {
  it('comes in parts, the last of which says so', async () => {
    const { open, hub, stream } = await setup()
    for (let i = 0; i < 100; i++) {
      open(`peer${i}`)
      hub.update(`fault:peer${i}`, { text: 'x'.repeat(4_000) })
    }
    const reader = await stream()
    await reader.heard(100)
    const [snapshot] = reader.of('snapshot')
    expect(snapshot?.more).toBe(true)
    expect(snapshot?.entries.length).toBeLessThan(20)
    const parts = reader.of('changes').map(({ more }) => more)
    expect(parts.slice(0, -1).every((more) => more === true)).toBe(true)
    expect(parts.at(-1)).toBe(undefined)
    expect(reader.entries.size).toBe(100)
  })
})
