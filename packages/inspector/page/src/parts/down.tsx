import { useRef } from 'preact/hooks'
import type { PlainDown } from '../../../src/protocol.js'
import { useExplained } from '../explain.js'
import { useHeld } from '../hold.js'
import { cutApart } from '../state/cut.js'
import { type Filter, toAddressTest } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'
import { age, clock, shorten, tried, visible, why } from '../state/words.js'

interface Props {
  readonly mirror: Mirror
  readonly filter: Filter
  readonly choose: (address: string) => void
  readonly now: number
}

/** So many are drawn; the filter finds the others. */
const MOST = 100

/** Who changed last comes first; but those that are pointed at stay where they are, also where they are down no more. */
const useFound = (mirror: Mirror, filter: Filter, isHeld: () => boolean): PlainDown[] => {
  const former = useRef<{ filter: Filter; found: PlainDown[] }>({ filter, found: [] })
  const { found } = former.current
  if (found.length > 0 && former.current.filter === filter && isHeld())
    return found.map((peer) => mirror.down.get(peer.address) ?? peer)
  const test = toAddressTest(filter.text)
  const all = [...mirror.down.values()].reverse().filter((peer) => test(peer, peer.label))
  former.current = { filter, found: all }
  return all
}

/** Who is lost or failing: why, since when, how often it was tried, and when it will be. */
export const DownList = ({ mirror, filter, choose, now }: Props) => {
  const list = useRef<HTMLUListElement>(null)
  const found = useFound(mirror, filter, useHeld(list))
  const shown = found.slice(0, MOST)
  const words = cutApart(
    shown.map(({ address }) => address),
    60,
  )
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Who is down">
      <ul ref={list} class="rows">
        {shown.map((peer) => (
          <DownRow
            key={peer.address}
            {...{ mirror, peer, choose, now }}
            words={words.get(peer.address) ?? ''}
          />
        ))}
      </ul>
      {found.length > MOST && (
        <p class="hint">{found.length - MOST} more: the filter finds them.</p>
      )}
      {found.length === 0 && (
        <p class="hint">
          {mirror.down.size > 0
            ? 'Nothing passes the filter.'
            : 'Nobody is lost, and no dial has failed for good.'}
        </p>
      )}
    </div>
  )
}

interface RowProps extends Omit<Props, 'filter'> {
  readonly peer: PlainDown
  readonly words: string
}

const DownRow = ({ mirror, peer, words, choose, now }: RowProps) => {
  const { address, label, since, lastAt, tries, isTrying } = peer
  // It is held for the pointer.
  const isOver = !mirror.down.has(address)
  const explained = useExplained(mirror, address, lastAt)
  const cause = why(peer)
  const next = isTrying
    ? 'a try runs'
    : explained?.nextAt !== undefined && `next in ${age(explained.nextAt - now)}`
  return (
    <li>
      <span class="led" data-state={isOver ? 'dark' : 'failed'} aria-hidden="true" />
      <button type="button" class="plain" onClick={() => choose(address)}>
        {label && <b>{shorten(label, 30)} </b>}
        {words}
      </button>
      <span class="facts">
        {isOver ? (
          <span>down no more</span>
        ) : (
          <span>
            down {age(now - since)}, since <time>{clock(since)}</time>
          </span>
        )}
        <span>{tried(tries)}</span>
        {next && !isOver && <span>{next}</span>}
      </span>
      <span class="why" title={visible(cause)}>
        {shorten(cause, 160)}
      </span>
    </li>
  )
}
