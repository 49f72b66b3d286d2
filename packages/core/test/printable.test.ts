import { printable } from '@conn-hub/core'
import { expect, it } from 'vitest'

it.each([
  ['a control character', '\u001b'],
  ['a mark that turns the direction of reading', '\u202e'],
  ['a space that is none', '\u00a0'],
  ['an empty sign of Braille', '\u2800'],
  ['a Hangul filler', '\u3164'],
  ['a combining joiner', '\u034f'],
  ['a selector of variants', '\ufe0f'],
  ['an unassigned code that shows nothing', '\u{e0fff}'],
  ['a separator of lines', '\u2028'],
])('writes out %s', (_, mark) => {
  expect(printable(`a${mark}b`)).toBe(`a\\u{${mark.codePointAt(0)?.toString(16)}}b`)
})

it('leaves letters, spaces, pictures and line ends as they are', () => {
  expect(printable('Änna 日本 🎉\n ok')).toBe('Änna 日本 🎉\n ok')
})
