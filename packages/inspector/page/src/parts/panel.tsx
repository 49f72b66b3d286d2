import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useEscape, useVirtual, useWidth } from '../hooks.js'
import { toTest } from '../state/filter.js'
import { firstSpot, type PanelLine, portAt, type Spot, spotOf, toLines } from '../state/lines.js'
import { toPortGrid } from '../state/port-grid.js'
import { visible } from '../state/words.js'
import { Empty } from './empty.js'
import { Legend } from './legend.js'
import { usePanelFocus } from './panel-focus.js'
import { PortCard } from './port-card.js'
import { PortRow } from './port-row.js'
import type { ViewProps } from './view-props.js'

const HEAD_HEIGHT = 34

/** The front of the switch: all ports, by kind. */
export const Panel = ({ mirror, filter, chosen, choose, now }: ViewProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const groups = mirror.ports.groups()
  const count = groups.reduce((sum, { ports }) => sum + ports.length, 0)
  const grid = toPortGrid(useWidth(scroller), count)
  const { columns, size } = grid
  const lines = toLines(groups, columns)
  const test = useMemo(() => toTest(filter), [filter])
  const [hovered, hover] = useState<Spot>()
  const heightOf = (index: number) => (isHead(lines[index]) ? HEAD_HEIGHT : size)
  // Which lines are heads changes where a group grows by a row.
  const shape = `${size} ${lines.map((line) => (isHead(line) ? 'h' : 'p')).join('')}`
  const focus = usePanelFocus(scroller, lines)
  useEscape(() => {
    hover(undefined)
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
  const shown = hovered ?? (focus.within ? focus.spot : undefined)
  const port = shown && portAt(lines, shown)
  const spotAt = (event: Event): Spot | undefined => {
    const found = (event.target as Element).closest<HTMLElement>('.port')
    if (!found) return undefined
    return { line: Number(found.dataset.line), column: Number(found.dataset.column) }
  }
  // Who was there when the button went down: another may have its port when it goes up.
  const pressed = useRef<string>()
  const addressAt = (event: Event): string | undefined => {
    const spot = spotAt(event)
    return spot && portAt(lines, spot)?.address
  }
  const click = (event: MouseEvent) => {
    const address = event.detail > 0 ? pressed.current : addressAt(event)
    if (address !== undefined && spotAt(event)) choose(address)
  }

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
          onPointerDown={(event) => {
            pressed.current = addressAt(event)
          }}
          onClick={click}
          onPointerOver={(event) => hover(spotAt(event))}
          onPointerLeave={() => hover(undefined)}
          onScroll={() => hover(undefined)}
          onKeyDown={focus.onKeyDown}
          onFocusIn={(event) => focus.onFocusIn(spotAt(event), isVisible(event))}
          onFocusOut={focus.onFocusOut}
        >
          <div role="rowgroup" class="lines" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const line = lines[index]
              if (!line) return null
              if ('kind' in line) return <GroupHead key={index} {...{ line, index, start }} />
              const place = { index, start, grid }
              const marks = { chosen, shown, entry, test }
              return <PortRow key={index} {...{ ports: line.ports, mirror, ...place, ...marks }} />
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
