import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { move, type PanelLine, portAt, type Spot } from '../state/lines.js'

const findPort = (root: HTMLElement | null, { line, column }: Spot) =>
  root?.querySelector<HTMLElement>(`[data-line="${line}"][data-column="${column}"]`)

/** One port is in the order of Tab; the arrows lead from port to port, also to those not yet drawn. */
export const usePanelFocus = (scroller: RefObject<HTMLElement>, lines: readonly PanelLine[]) => {
  const [spot, setSpot] = useState<Spot>()
  const [within, setWithin] = useState(false)
  // As the last event left it: a key may come before the painting of the one before.
  const last = useRef<Spot>()
  const wanted = useRef<Spot>()
  const scrollTo = useRef((_line: number) => {})

  // After each painting: the port may have been drawn only now.
  useLayoutEffect(() => {
    const found = wanted.current && findPort(scroller.current, wanted.current)
    if (!found) return
    wanted.current = undefined
    found.focus({ preventScroll: true })
  })

  return {
    /** None where there is no such port any more. */
    spot: spot && portAt(lines, spot) ? spot : undefined,
    within,
    scrollTo,
    onFocusIn: (found: Spot | undefined, byKeyboard: boolean) => {
      setWithin(byKeyboard)
      if (!found) return
      last.current = found
      setSpot(found)
    },
    onFocusOut: () => setWithin(false),
    onKeyDown: (event: KeyboardEvent) => {
      const next = last.current && move(lines, last.current, event.key)
      if (!next) return
      event.preventDefault()
      last.current = next
      wanted.current = next
      setSpot(next)
      scrollTo.current(next.line)
    },
  }
}
