import { expect, it } from 'vitest'
import { MessageReader, NoInspector } from '../../src/cli/messages.js'

it('a message may have 4,000,000 characters, in however many pieces, and no more', () => {
  const piece = ':'.padEnd(500_000, 'x')
  const reader = new MessageReader()
  for (let i = 0; i < 8; i++) expect(reader.read(piece)).toEqual([])
  expect(reader.read('\n\nevent: closed\ndata: {"at":1}\n\n')).toMatchObject([{ name: 'closed' }])
  for (let i = 0; i < 8; i++) reader.read(piece)
  expect(() => reader.read('x')).toThrow(NoInspector)
})
