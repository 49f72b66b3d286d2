import { describe, expect, it } from 'vitest'
import {
  age,
  briefly,
  describePort,
  shorten,
  tried,
  visible,
  why,
} from '../../page/src/state/words.js'
import { entry, event } from './samples.js'

describe('text that others chose', () => {
  it('shows marks that turn the direction of reading, and line ends', () => {
    expect(visible('a\u202Egpj.exe\n\u0007')).toBe('a\\u{202e}gpj.exe\\u{a}\\u{7}')
  })

  it.each([
    ['a space that is none', '\u00a0'],
    ['an empty sign of Braille', '\u2800'],
    ['a Hangul filler', '\u3164'],
    ['a soft hyphen', '\u00ad'],
    ['a combining joiner', '\u034f'],
    ['a selector of variants', '\ufe0f'],
    ['a word joiner', '\u2060'],
    ['a wide space', '\u3000'],
    ['a tag', '\u{e0041}'],
  ])('shows %s', (_, mark) => {
    expect(visible(`a${mark}b c`)).toBe(`a\\u{${mark.codePointAt(0)?.toString(16)}}b c`)
  })

  it('is shortened in the middle', () => {
    expect(shorten('net:example.com:8008', 13)).toBe('net:exam…8008')
    expect(shorten('net:a:1', 13)).toBe('net:a:1')
  })
})

it('an age is told in the largest unit', () => {
  const second = 1000
  const hour = 3_600_000
  expect(
    [-5, 59 * second, 60 * second, 59.9 * 60 * second, hour, 47 * hour, 48 * hour].map(age),
  ).toEqual(['0 s', '59 s', '1 min', '59 min', '1 h', '47 h', '2 d'])
})

it('why something happened: the reason, who, and the error', () => {
  expect(
    why({ ...event(1, 'disconnected', 'a'), reason: 'session-closed', initiator: 'remote' }),
  ).toBe('session-closed · by the other side')
  const error = { code: 'DIAL_FAILED', message: 'nobody listens' }
  expect(why({ ...event(1, 'connecting-failed', 'a'), error })).toBe('DIAL_FAILED: nobody listens')
  expect(why({ ...event(1, 'disconnecting', 'a'), reason: 'tidy', initiator: 'local' })).toBe(
    'tidy · by this side',
  )
  expect(why(event(1, 'connecting', 'a'))).toBe('')
})

it('a port is described by place, state, direction and address', () => {
  const both = entry('net:a:1', { direction: 'both' })
  expect(describePort(3, 'lan', 'net:a:1', both)).toBe(
    'lan 3, connected, inbound and outbound, net:a:1',
  )
  expect(describePort(4, 'other', 'net:b:1')).toBe('other 4, dark, net:b:1')
})

describe('why, where there is little room', () => {
  const error = (code: string, message: string) => ({ error: { code, message } })
  const timeout = error('DIAL_TIMEOUT', 'No answer within 30000 ms. Is the peer online?')
  const failed = error('DIAL_FAILED', 'Could not connect: connect ECONNREFUSED 192.0.2.1:8008')

  it.each([
    ['is what broke it in the end', failed, 40, 'connect ECONNREFUSED 192.0.2.1:8008'],
    ['that a dial failed says nothing: it is cut', failed, 20, 'connect ECONN…1:8008'],
    ['has no advice', timeout, 30, 'No answer within 30000 ms'],
    ['is its code, where the words do not fit', timeout, 20, 'DIAL_TIMEOUT'],
    ['is the reason, where there was no error', { reason: 'tidying up' }, 20, 'tidying up'],
  ])('%s', (_, event, room, words) => {
    expect(briefly(event, room)).toBe(words)
  })
})

it('tries are counted as people do', () => {
  expect([0, 1, 2_000].map(tried)).toEqual(['not tried since', '1 try', '2,000 tries'])
})
