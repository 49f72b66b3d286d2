import { expect, it } from 'vitest'
import { toMessage } from '../../src/cli/check.js'
import { MessageReader, NoInspector } from '../../src/cli/messages.js'

it('a message may have 4,000,000 characters, in however many pieces, and no more', () => {
  const piece = ':'.padEnd(500_000, 'x')
  const reader = new MessageReader()
  for (let i = 0; i < 8; i++) expect(reader.read(piece)).toEqual([])
  expect(reader.read('\n\nevent: closed\ndata: {"at":1}\n\n')).toMatchObject([{ name: 'closed' }])
  for (let i = 0; i < 8; i++) reader.read(piece)
  expect(() => reader.read('x')).toThrow(NoInspector)
})

it('has the place of an inspector, or none: it becomes a header of the next request', () => {
  const placeOf = (id: string) => toMessage('closed', { at: 1 }, id)[0]?.id
  expect(['Cf-t_1.7', `${'x'.repeat(100)}.123456789012345`].map(placeOf)).not.toContain(undefined)
  for (const id of ['', 'x', 'x.y', 'x\u0001.7', 'é.7', `${'x'.repeat(9_000)}.7`])
    expect(placeOf(id)).toBeUndefined()
})

it('has no longer texts than an inspector sends: they are drawn again and again', () => {
  const long = 'x'.repeat(100_000)
  const entry = { address: long, state: long, key: long, label: long, reason: long }
  const down = { set: [{ ...entry, error: { message: long, code: long } }], gone: [long] }
  const event = { seq: 1, type: long, address: long, reason: long, error: { message: long } }
  for (const [name, data] of Object.entries({
    hello: { hub: long, name: long, key: long, host: long },
    snapshot: { entries: [entry] },
    changes: { set: [entry], gone: [long] },
    events: { events: [event] },
    aside: { down },
  })) {
    const text = JSON.stringify(toMessage(name, data, undefined))
    expect([name, text.includes('xxx')]).toEqual([name, true])
    expect(text.length).toBeLessThan(15_000)
  }
})
