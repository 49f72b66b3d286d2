import { memo } from 'preact/compat'
import type { PlainEntry } from '../../../src/protocol.js'
import { age, shorten } from '../state/words.js'
import { DirectionMark, StateMark } from './marks.js'

interface Props {
  /** As it is, or as it was when it left. */
  readonly entry: PlainEntry
  readonly isGone: boolean
  /** The address, as short as it may be beside the others. */
  readonly words: string
  readonly index: number
  readonly age: number
  readonly isChosen: boolean
  /** Whether Tab leads here. */
  readonly stops: boolean
  readonly choose: (address: string) => void
}

const alike = (a: Props, b: Props) =>
  a.entry === b.entry &&
  a.isGone === b.isGone &&
  a.words === b.words &&
  a.index === b.index &&
  a.isChosen === b.isChosen &&
  a.stops === b.stops &&
  age(a.age) === age(b.age)

/** One entry in the table. Painted anew only where something of it changed. */
export const TableRow = memo(({ entry, words, index, isChosen, stops, choose, ...rest }: Props) => {
  const { address, key, kind, label, direction, sessions } = entry
  const state = rest.isGone ? 'dark' : entry.state
  return (
    <tr
      data-row={index}
      data-chosen={isChosen}
      data-gone={rest.isGone}
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
          {label && <b>{shorten(label, 18)} </b>}
          {words}
        </button>
      </td>
      <td class="key">{key && shorten(key, 18)}</td>
      <td class="since">{age(rest.age)}</td>
      <td class="sessions">{sessions}</td>
    </tr>
  )
}, alike)
