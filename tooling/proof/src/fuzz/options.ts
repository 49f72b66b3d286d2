import fc from 'fast-check'
import type { Make } from './make.js'
import { fails, hostile, text } from './values.js'

/** What callers keep on an entry, good and bad. */
export const data: fc.Arbitrary<Make> = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()).map((value) => () => value),
  fields({ name: hostile, key: hostile, type: text, state: hostile, disconnect: hostile }),
  hostile,
)

type Field = 'absent' | 'given' | 'throws'

/** An object of options: each field is absent, given, or a getter that throws; or no such object at all. */
export function optionsOf(named: Record<string, fc.Arbitrary<Make>>): fc.Arbitrary<Make> {
  return fc.oneof({ arbitrary: fields(named), weight: 4 }, hostile)
}

function fields(named: Record<string, fc.Arbitrary<Make>>): fc.Arbitrary<Make> {
  const names = Object.keys(named)
  const how = fc.oneof(
    { arbitrary: fc.constant<Field>('absent'), weight: 9 },
    { arbitrary: fc.constant<Field>('given'), weight: 6 },
    { arbitrary: fc.constant<Field>('throws'), weight: 1 },
  )
  const ways = fc.tuple(...names.map(() => how))
  const values = fc.tuple(...names.map((name) => named[name] as fc.Arbitrary<Make>))
  return fc.tuple(ways, values).map(([ways, values]) => () => {
    const options = {}
    names.forEach((name, i) => {
      if (ways[i] === 'given') {
        Object.defineProperty(options, name, { ...OPEN, value: values[i]?.() })
      } else if (ways[i] === 'throws') {
        Object.defineProperty(options, name, { enumerable: true, get: fails(`no ${name}`) })
      }
    })
    return options
  })
}

const OPEN = { configurable: true, enumerable: true, writable: true }
