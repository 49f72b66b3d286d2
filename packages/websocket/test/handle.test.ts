import { describe, expect, it } from 'vitest'
import { createPair, linkOf, sessionOf, take, until } from './support.js'

const KIB = 1_024

describe('messages', () => {
  it('are texts and bytes, in their order, the same at both ends', async () => {
    const { ours, theirs } = await createPair()
    const sent = [
      'hello',
      '',
      'ü😀',
      new Uint8Array([0, 255]),
      new Uint8Array(0),
      'x'.repeat(70_000),
    ]
    for (const message of sent) expect(ours.send(message)).toBe(true)
    ours.send(new Uint8Array([1, 2, 3]).buffer)
    const heard = await take(theirs, 7)
    expect(heard).toEqual([...sent, new Uint8Array([1, 2, 3])])
    for (const bytes of heard.filter((message) => typeof message !== 'string')) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    }
    theirs.send('back')
    expect(await take(ours, 1)).toEqual(['back'])
  })

  it('that came before anybody reads, and before the end, are not lost', async () => {
    const { here, there, ours, theirs } = await createPair()
    for (let i = 0; i < 2_000; i++) ours.send(String(i))
    await here.hub.disconnect(there.url)
    await until(() => there.hub.size === 0, 'the other side has seen the end')
    const heard: unknown[] = []
    for await (const message of theirs) heard.push(message)
    expect(heard).toEqual(Array.from({ length: 2_000 }, (_, i) => String(i)))
  })

  it('go each to one of several readers', async () => {
    const { ours, theirs } = await createPair()
    const [a, b] = [theirs[Symbol.asyncIterator](), theirs[Symbol.asyncIterator]()]
    const waiting = [a.next(), b.next(), a.next()]
    for (const text of ['1', '2', '3']) ours.send(text)
    const heard = await Promise.all(waiting)
    expect(heard.map(({ value }) => value)).toEqual(['1', '2', '3'])
  })

  it.each([undefined, null, 1, {}, [1], new Uint16Array(2), new DataView(new ArrayBuffer(2))])(
    'cannot be %j: the code is INVALID_MESSAGE, and nothing is sent',
    async (data) => {
      const { ours, theirs } = await createPair()
      const wrong = expect.objectContaining({ code: 'INVALID_MESSAGE' })
      expect(() => ours.send(data as never)).toThrow(wrong)
      expect(() => ours.send('conn-hub ping')).toThrow(wrong)
      expect(() => ours.send('conn-hub pong')).toThrow(wrong)
      ours.send('after')
      expect(await take(theirs, 1)).toEqual(['after'])
    },
  )

  it('that fill the room by their frame alone leave drained() waiting for no longer than it takes', async () => {
    const HIGH = 1_000_000
    const { there, ours } = await createPair({ highWater: HIGH }, { maxQueue: 1 })
    // What the system itself keeps is full when something waits here for long.
    while (ours.bufferedAmount < 300_000) {
      ours.send('x'.repeat(50_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(ours.send('x'.repeat(HIGH - ours.bufferedAmount - 3))).toBe(false)
    const drained = ours.drained()
    const reader = linkOf(there.hub)[Symbol.asyncIterator]()
    const reading = (async () => {
      while (!(await reader.next()).done);
    })()
    await drained
    await there.hub.close()
    await reading
  })

  it('sent while the link is closed go nowhere, and drained() says so', async () => {
    const { here, there, ours } = await createPair()
    await here.hub.disconnect(there.url)
    expect(ours.send('late')).toBe(false)
    await expect(ours.drained()).rejects.toMatchObject({ code: 'LINK_CLOSED' })
  })
})

describe('a loop over messages', () => {
  it('that is left leaves the link open, and the rest for the next one', async () => {
    const { there, ours, theirs } = await createPair()
    for (const text of ['1', '2', '3']) ours.send(text)
    for await (const message of theirs) if (message === '2') break
    expect(await take(theirs, 1)).toEqual(['3'])
    expect(theirs.send('still here')).toBe(true)
    expect(await take(ours, 1)).toEqual(['still here'])
    expect(there.hub.size).toBe(1)
  })

  it('that is left closes the link where the transport has closeOnBreak', async () => {
    const { here, there, ours, theirs } = await createPair({ closeOnBreak: true })
    ours.send('1')
    for await (const _ of theirs) break
    await until(() => here.hub.size + there.hub.size === 0, 'the link is closed')
  })

  it('ends for those who wait when it is left by return()', async () => {
    const { theirs } = await createPair()
    const [one, other] = [theirs[Symbol.asyncIterator](), theirs[Symbol.asyncIterator]()]
    const [ended, waits] = [one.next(), other.next()]
    await one.return?.()
    expect(await ended).toEqual({ done: true, value: undefined })
    expect(await one.next()).toEqual({ done: true, value: undefined })
    expect(await Promise.race([waits, Promise.resolve('waits')])).toBe('waits')
  })
})

describe('a reader that stops', () => {
  it('makes the other side wait, and neither side keeps more than it may', async () => {
    const options = { maxQueue: 64 * KIB, highWater: 64 * KIB }
    const { there, ours, theirs } = await createPair(options)
    const chunk = new Uint8Array(16 * KIB)
    let sent = 0
    // The buffers of the system between the two take some MB.
    while (ours.send(chunk) || ours.bufferedAmount < 64 * KIB) {
      sent++
      if (sent % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (sent > 4_000) throw new Error('nobody made us wait')
    }
    sent++
    const drained = ours.drained()
    expect(await Promise.race([drained, Promise.resolve('waits')])).toBe('waits')
    const session = sessionOf(there.hub)
    const kept = () => (session.traffic?.().bytesIn ?? 0) / KIB
    expect(kept()).toBeLessThan(64 + 64 + 16)
    expect((await take(theirs, sent)).length).toBe(sent)
    await drained
    expect(ours.bufferedAmount).toBeLessThan(64 * KIB)
    expect(there.hub.size).toBe(1)
  })

  it('does not hide that the other side is alive: a probe reads on', async () => {
    const options = { maxQueue: 16 * KIB }
    const { here, there, ours } = await createPair(options)
    for (let i = 0; i < 40; i++) ours.send('x'.repeat(KIB))
    const session = sessionOf(there.hub)
    await until(() => (session.traffic?.().messagesIn ?? 0) > 15, 'the queue is full')
    for (let i = 0; i < 3; i++) await session.probe?.(AbortSignal.timeout(5_000))
    expect([here.hub.size, there.hub.size]).toEqual([1, 1])
    expect((await take(linkOf(there.hub), 40)).length).toBe(40)
  })

  it('is closed where probes have filled far more than its queue', async () => {
    const { there, ours } = await createPair({ maxQueue: 16 * KIB, maxMessage: 16 * KIB })
    const session = sessionOf(there.hub)
    const closed = new Promise((resolve) =>
      session.onClosed((error, reason) => resolve([(error as { code?: string }).code, reason])),
    )
    await until(async () => {
      ours.send('x'.repeat(8 * KIB))
      await session.probe?.(AbortSignal.timeout(5_000)).catch(() => {})
      return there.hub.size === 0
    }, 'it is closed')
    expect(await closed).toEqual(['QUEUE_FULL', 'queue-full'])
  })
})
