import { memo } from 'preact/compat'
import type { PlainEntry } from '../../../src/protocol.js'
import { age, shorten } from '../state/words.js'
import { DirectionMark, StateMark } from './marks.js'

interface Props {
  /** None: it has gone since the order was made. */
  readonly entry: PlainEntry | undefined
  readonly index: number
  readonly age: number
  readonly isChosen: boolean
  /** Whether Tab leads here. */
  readonly stops: boolean
  readonly choose: (address: string) => void
}

const alike = (a: Props, b: Props) =>
  a.entry === b.entry &&
  a.index === b.index &&
  a.isChosen === b.isChosen &&
  a.stops === b.stops &&
  age(a.age) === age(b.age)

/** One entry in the table. Painted anew only where something of it changed. */
export const TableRow = memo(({ entry, index, isChosen, stops, choose, ...rest }: Props) => {
  if (!entry) return <tr class="gone" aria-rowindex={index + 2} />
  const { address, key, kind, state, direction, sessions } = entry
  return (
    <tr
      data-row={index}
      data-chosen={isChosen}
      aria-rowindex={index + 2}
      onClick={() => choose(address)}
    >
      <td class="state">
        <StateMark state={state} />
      </td>
      <td class="direction">
        <DirectionMark direction={direction} />
      </td>
      <td class="kind">{kind && shorten(kind, 24)}</td>
      <td class="address">
        <button type="button" class="plain" tabIndex={stops ? 0 : -1} aria-pressed={isChosen}>
          {shorten(address, 160)}
        </button>
      </td>
      <td class="key">{key && shorten(key, 80)}</td>
      <td class="since">{age(rest.age)}</td>
      <td class="sessions">{sessions}</td>
    </tr>
  )
}, alike)
