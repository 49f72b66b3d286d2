import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Link } from '../../page/src/link/link.js'
import { older } from '../../page/src/link/places.js'
import type { Heard } from '../../page/src/link/source.js'
import { Mirror } from '../../page/src/state/mirror.js'

/** A link whose stream is the test. */
const setup = () => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: false, addEventListener: () => {} })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('fetch', () => Promise.reject(new Error('away')))
  onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const places: string[] = []
  let hear: (message: Heard) => void = () => {}
  let lose = () => {}
  const link = new Link(new Mirror(), (place, onHeard, onLost) => {
    places.push(place)
    hear = onHeard
    lose = onLost
    return { close: () => {} }
  })
  link.begin()
  const say = (name: Heard['name'], data: object, id = '') =>
    hear({ name, json: JSON.stringify(data), id })
  const hello = () => say('hello', { hub: 'h', control: false, at: Date.now() })
  return { link, places, say, hello, lose: () => lose() }
}

describe('the place of a page', () => {
  it('stays where messages have none: a break right after a hello loses nothing', () => {
    const { places, say, hello, lose } = setup()
    hello()
    say('snapshot', { seq: 5, entries: [] }, 'h.5')
    lose()
    vi.advanceTimersByTime(1_500)
    hello()
    lose()
    vi.advanceTimersByTime(1_500)
    expect(places).toEqual(['', 'h.5', 'h.5'])
  })

  it('for two tabs is the older one; anew where one of them is new', () => {
    expect(older('h.3', 'h.10')).toBe('h.3')
    expect(older('h.10', 'h.9')).toBe('h.9')
    expect(older('', 'h.9')).toBe('')
    expect(older('h.9', '')).toBe('')
    expect(older('g.9', 'h.9')).toBe('')
  })
})

describe('a link on which nothing comes', () => {
  it('is doubted after 45 s, tried anew, and live again with the next hello', () => {
    const { link, places, say, hello } = setup()
    hello()
    vi.advanceTimersByTime(45_000)
    expect(link.state).toBe('live')
    say('beat', { at: 0 })
    vi.advanceTimersByTime(45_000)
    expect(link.state).toBe('live')
    vi.advanceTimersByTime(1_000)
    expect([link.state, places.length]).toEqual(['silent', 2])
    vi.advanceTimersByTime(46_000)
    expect([link.state, places.length]).toEqual(['silent', 3])
    hello()
    expect(link.state).toBe('live')
  })
})
