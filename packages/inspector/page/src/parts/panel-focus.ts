import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { move, type PanelLine, type Place, portAt, type Spot, spotOf } from '../state/lines.js'

const findPort = (root: HTMLElement | null, { line, column }: Spot) =>
  root?.querySelector<HTMLElement>(`[data-line="${line}"][data-column="${column}"]`)

/** One port is in the order of Tab; the arrows lead from port to port, also to those not yet drawn. */
export const usePanelFocus = (scroller: RefObject<HTMLElement>, lines: readonly PanelLine[]) => {
  const [place, setPlace] = useState<Place>()
  const [within, setWithin] = useState(false)
  // As the last event left it: a key may come before the painting of the one before.
  const last = useRef<Place>()
  const wanted = useRef<Place>()
  const scrollTo = useRef((_line: number) => {})

  // After each painting: the port may have been drawn only now.
  useLayoutEffect(() => {
    const spot = wanted.current && spotOf(lines, wanted.current)
    const found = spot && findPort(scroller.current, spot)
    if (!found) return
    wanted.current = undefined
    found.focus({ preventScroll: true })
  })

  return {
    /** None where there is no such port any more. */
    spot: place && spotOf(lines, place),
    within,
    scrollTo,
    onFocusIn: (found: Place | undefined, byKeyboard: boolean) => {
      setWithin(byKeyboard)
      if (!found) return
      last.current = found
      setPlace(found)
    },
    onFocusOut: () => setWithin(false),
    onKeyDown: (event: KeyboardEvent) => {
      const from = last.current && spotOf(lines, last.current)
      const next = from && move(lines, from, event.key)
      const port = next && portAt(lines, next)
      if (!next || !port) return
      event.preventDefault()
      last.current = port
      wanted.current = port
      setPlace(port)
      scrollTo.current(next.line)
    },
  }
}
