import { useEffect, useMemo, useRef } from 'preact/hooks'
import { useHeld, useHold } from '../hold.js'
import { useEscape, useVirtual, useWidth } from '../hooks.js'
import { toTest } from '../state/filter.js'
import {
  firstSpot,
  nameOf,
  type PanelLine,
  type Place,
  portAt,
  spotOf,
  toLines,
} from '../state/lines.js'
import { type PortGrid, toPortGrid } from '../state/port-grid.js'
import { visible } from '../state/words.js'
import { Empty } from './empty.js'
import { Legend } from './legend.js'
import { usePanelFocus } from './panel-focus.js'
import { usePanelPointer } from './panel-pointer.js'
import { PortCard } from './port-card.js'
import { PortRow } from './port-row.js'
import type { ViewProps } from './view-props.js'

const HEAD_HEIGHT = 34

/** The front of the switch: all ports, by kind. */
export const Panel = ({ mirror, filter, chosen, choose, now }: ViewProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const isHeld = useHeld(scroller)()
  const groups = mirror.ports.groups()
  const count = groups.reduce((sum, { ports }) => sum + ports.length, 0)
  const grid = useGrid(useWidth(scroller), count, isHeld)
  const { columns, size } = grid
  const lines = toLines(groups, columns)
  const test = useMemo(() => toTest(filter), [filter])
  const heightOf = (index: number) => (isHead(lines[index]) ? HEAD_HEIGHT : size)
  // Which lines are heads changes where a group grows by a row.
  const shape = `${size} ${lines.map((line) => (isHead(line) ? 'h' : 'p')).join('')}`
  const focus = usePanelFocus(scroller, lines)
  const pointer = usePanelPointer(scroller, lines, choose)
  useEscape(() => {
    pointer.leave()
    focus.onFocusOut()
  })
  const keep = focus.spot?.line
  const virtual = useVirtual(scroller, { count: lines.length, heightOf, measure: shape, keep })
  focus.scrollTo.current = (line) => virtual.scrollToIndex(line)
  // Who was chosen in the table or the timeline is shown here too. Once: it must not hold the panel.
  useEffect(() => {
    const port = chosen === undefined ? undefined : mirror.ports.find(chosen)
    const spot = port && spotOf(lines, port)
    if (spot) virtual.scrollToIndex(spot.line)
  }, [chosen])
  const entry = focus.spot ?? firstSpot(lines)
  const focused = focus.within ? focus.spot : undefined
  const shown = pointer.spot ?? focused
  const port = shown && portAt(lines, shown)
  const topOf = (place: Place) => {
    const line = spotOf(lines, place)?.line
    if (line === undefined) return undefined
    return lines.slice(0, line).reduce((sum, _, index) => sum + heightOf(index), 0)
  }
  const height = useHold({ scroller, virtual, isHeld, anchor: port, topOf })
  mirror.ports.hold(
    [pointer.spot, focused].flatMap((spot) => (spot && portAt(lines, spot)?.address) ?? []),
  )

  return (
    <section class="panel" id="ports" aria-labelledby="ports-title">
      <div class="head">
        <h2 id="ports-title">Ports</h2>
        <Legend />
      </div>
      <div class="chassis">
        <div
          ref={scroller}
          class="ports"
          role="grid"
          aria-labelledby="ports-title"
          aria-rowcount={lines.length}
          onPointerDown={pointer.onPointerDown}
          onClick={pointer.onClick}
          onPointerOver={pointer.onPointerOver}
          onPointerLeave={pointer.leave}
          onScroll={pointer.onScroll}
          onKeyDown={focus.onKeyDown}
          onFocusIn={(event) => focus.onFocusIn(pointer.portOf(event), isVisible(event))}
          onFocusOut={focus.onFocusOut}
        >
          <div role="rowgroup" class="lines" style={{ height }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const line = lines[index]
              if (!line) return null
              if ('kind' in line)
                return <GroupHead key={nameOf(line)} {...{ line, index, start }} />
              const place = { index, start, grid }
              const marks = { chosen, shown, entry, test }
              return (
                <PortRow
                  key={nameOf(line)}
                  {...{ ports: line.ports, mirror, ...place, ...marks }}
                />
              )
            })}
          </div>
        </div>
        {lines.length === 0 && <Empty mirror={mirror} />}
        {shown && port && <PortCard {...{ mirror, port, shown, size, now, scroller }} />}
      </div>
    </section>
  )
}

/** A click gives the focus too, but asks for no card. */
const isVisible = ({ target }: Event) => (target as Element).matches(':focus-visible')

/** Not another one while it is held, where the width is the same: all ports would go to other places. */
const useGrid = (width: number, count: number, isHeld: boolean): PortGrid => {
  const made = useRef<{ readonly width: number; readonly grid: PortGrid }>()
  const { current } = made
  if (isHeld && current?.width === width) return current.grid
  made.current = { width, grid: toPortGrid(width, count) }
  return made.current.grid
}

const isHead = (line: PanelLine | undefined) => line !== undefined && 'kind' in line

interface HeadProps {
  readonly line: Extract<PanelLine, { kind: string }>
  readonly index: number
  readonly start: number
}

const GroupHead = ({ line: { kind, lit, total }, index, start }: HeadProps) => (
  <div
    role="row"
    class="group"
    aria-rowindex={index + 1}
    style={{ top: start, height: HEAD_HEIGHT }}
  >
    <span role="rowheader">
      <b>{visible(kind)}</b> {lit} of {total} lit
    </span>
  </div>
)
