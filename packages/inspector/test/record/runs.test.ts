import { createHub } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { record, replay } from '../../src/record/index.js'
import { A, B } from './support.js'

/** What one start of an app writes. `how` it ends: as it should, or killed. */
const run = async (how: 'closed' | 'killed', ...addresses: string[]): Promise<string> => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  const texts: string[] = []
  const recorder = record(hub, (text) => void texts.push(text))
  await recorder.flush()
  for (const address of addresses) transport.inbound(address)
  await recorder.flush()
  if (how === 'closed') {
    await hub.close()
    await recorder.stop()
    return texts.join('')
  }
  const text = texts.join('')
  await hub.close()
  return text
}

/** Also one that was written before lines said of which run they are. */
const withoutRun = (text: string): string => text.replace(/"run":"[^"]+",/g, '')

const play = (text: string) => {
  const hub = replay(text)
  const told = { seqs: [] as number[], lost: [] as string[], closed: 0 }
  hub.on('*', ({ seq }) => void told.seqs.push(seq))
  hub.on('change', ({ before, after }) => {
    if (before && !after) told.lost.push(before.address)
  })
  hub.on('close', () => void told.closed++)
  hub.play()
  return { hub, ...told }
}

describe('several runs in one record', () => {
  it.each(['with', 'without'])(
    'are told one after another, %s the names of runs: the close of the last one alone is the end',
    async (names) => {
      const text = (await run('closed', A)) + (await run('closed', B)) + (await run('killed', A))
      const { hub, seqs, closed } = play(names === 'with' ? text : withoutRun(text))
      // connected, disconnecting, disconnected; the same of the second; connected.
      expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7])
      expect([hub.closed, closed, hub.skipped]).toEqual([false, 0, 0])
      expect(hub.snapshot().map(({ address }) => address)).toEqual([A])
      const ended = play(text + (await run('closed', B)))
      expect([ended.hub.closed, ended.closed, ended.hub.size]).toEqual([true, 1, 0])
    },
  )

  it('leave nothing of one that was killed to the next one, not its sessions either', async () => {
    const [first, second] = [await run('killed', A, B), await run('killed', A)]
    const hub = replay(first + second)
    const sessions: unknown[] = []
    hub.on('session', ({ session }) => void sessions.push(session))
    const view = createView(hub, 'changes')
    view.start(() => {})
    view.take()
    hub.play()
    const { added = [] } = view.take() ?? {}
    expect(added.map(({ address }) => address)).toEqual([A])
    expect(hub.size).toBe(1)
    expect(new Set(sessions).size).toBe(3)
    expect(hub.get(A)?.sessions).toEqual([sessions[2]])
    expect(play(first + second).lost).toEqual([A, B])
  })

  it('leave no session to an entry with which the next one begins', async () => {
    const begun = async () => {
      const transport = createFaultTransport()
      const hub = createHub({ transport })
      transport.inbound(A)
      let text = ''
      const recorder = record(hub, (more) => {
        text += more
      })
      await recorder.flush()
      await recorder.stop()
      await hub.close()
      return text
    }
    const first = await begun()
    const hub = replay(first + (await begun()))
    const sessions = new Set<unknown>()
    hub.on('change', ({ after }) => void sessions.add(after?.sessions[0]))
    hub.play()
    // The first one, none, and the second one: both are number 1 of their run.
    expect(sessions.size).toBe(3)
    expect(hub.size).toBe(1)
  })

  it('are told apart from the parts of one run, which tell nothing twice', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const texts: string[] = []
    const recorder = record(hub, (text) => void texts.push(text), { part: 1 })
    transport.inbound(A)
    await recorder.flush()
    transport.inbound(B)
    await recorder.flush()
    const text = texts.join('')
    expect(text.match(/"begin"/g)?.length).toBeGreaterThan(1)
    expect(new Set(text.match(/"run":"[^"]+"/g)).size).toBe(1)
    const { seqs, lost } = play(text)
    expect([seqs, lost]).toEqual([[1, 2], []])
    await hub.close()
  })

  it('keep the count rising where the same record comes twice, or two hubs have written into one file', async () => {
    const text = await run('killed', A, B)
    expect(play(text + text).seqs).toEqual([1, 2, 3, 4])
    const [one, other] = [text.split('\n'), (await run('closed', A)).split('\n')]
    const mixed = one.flatMap((line, i) => [line, other[i] ?? '']).join('\n')
    const { seqs, hub } = play(mixed)
    expect(seqs.length).toBeGreaterThan(3)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
    expect(hub.skipped).toBe(0)
  })

  it('of which one is of a newer version end there, however often it is asked to go on', async () => {
    const newer = '{"type":"begin","version":2,"at":1,"lost":0}\n'
    const hub = replay((await run('closed', A)) + newer + (await run('closed', B)))
    const seqs: number[] = []
    hub.on('*', ({ seq }) => void seqs.push(seq))
    for (let i = 0; i < 3; i++) {
      expect(() => hub.play()).toThrow(expect.objectContaining({ code: 'UNKNOWN_VERSION' }))
      expect(() => hub.next()).toThrow(expect.objectContaining({ code: 'UNKNOWN_VERSION' }))
    }
    expect(seqs).toEqual([1, 2, 3])
    expect(hub.size).toBe(0)
  })
})

it('a record is read with the mark of its encoding, and with line ends of Windows', async () => {
  const text = await run('closed', A)
  const hub = replay(`\ufeff${text.replaceAll('\n', '\r\n')}`)
  hub.play()
  expect([hub.skipped, hub.closed]).toEqual([0, true])
})

it('an event whose number no hub could have is no event', () => {
  const line = { type: 'connecting-failed', at: 1, address: A, error: {} }
  const wrong = [undefined, 0, -1, 1.5, 1e300, '1'].map((seq) => JSON.stringify({ ...line, seq }))
  const hub = replay([...wrong, JSON.stringify({ ...line, type: 'change', seq: 1 })])
  hub.on('*', () => expect.unreachable())
  hub.play()
  expect(hub.skipped).toBe(7)
})
