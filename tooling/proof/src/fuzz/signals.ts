import fc from 'fast-check'
import { type Make, thrower } from './make.js'
import { fails } from './values.js'

/** Right by shape, and up to something. */
const SIGNALS: readonly Make[] = [
  () => new AbortController().signal,
  () => AbortSignal.abort(),
  () => AbortSignal.abort(thrower({})),
  () => ({ aborted: false, addEventListener: () => {}, removeEventListener: () => {} }),
  () => ({ ...shape(), addEventListener: fails('no listener is taken') }),
  () => ({ ...shape(), removeEventListener: fails('no listener is given back') }),
  () => ({ ...shape(), addEventListener: (_: string, listener: () => void) => listener() }),
  () => flips(),
  () => ({ ...shape(), aborted: 'yes' }),
  () => ({ aborted: false, addEventListener: () => {} }),
]

const shape = () => ({
  aborted: false,
  addEventListener: () => {},
  removeEventListener: () => {},
})

/** Good at the first look, and bad at every other. */
const flips = () => {
  let looks = 0
  return {
    ...shape(),
    get aborted() {
      if (looks++ > 0) throw new Error('looked at twice')
      return false
    },
  }
}

export const signal: fc.Arbitrary<Make> = fc.constantFrom(...SIGNALS)
