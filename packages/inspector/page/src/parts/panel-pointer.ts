import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { type PanelLine, type Place, portAt, spotOf } from '../state/lines.js'
import type { Port } from '../state/ports.js'

/** Which port the pointer is over, and whose it was when the button went down. `lines`: as they were painted. */
export const usePanelPointer = (
  scroller: RefObject<HTMLElement>,
  lines: readonly PanelLine[],
  choose: (address: string) => void,
) => {
  const [over, setOver] = useState<Place>()
  const at = useRef({ x: 0, y: 0 })
  // Who was there when the button went down: another may have its port when it goes up.
  const pressed = useRef<string>()

  const portAtElement = (element: Element | null): Port | undefined => {
    const found = element?.closest<HTMLElement>('.port')
    if (!found || !scroller.current?.contains(found)) return undefined
    return portAt(lines, { line: Number(found.dataset.line), column: Number(found.dataset.column) })
  }
  const portOf = ({ target }: Event) => portAtElement(target as Element)

  return {
    spot: over && spotOf(lines, over),
    portOf,
    leave: () => setOver(undefined),
    onPointerOver: (event: PointerEvent) => {
      at.current = { x: event.clientX, y: event.clientY }
      setOver(portOf(event))
    },
    // It may be the panel that moved, so that the port stays under the pointer.
    onScroll: () =>
      setOver(over && portAtElement(document.elementFromPoint(at.current.x, at.current.y))),
    onPointerDown: (event: PointerEvent) => {
      pressed.current = portOf(event)?.address
    },
    onClick: (event: MouseEvent) => {
      const address = event.detail > 0 ? pressed.current : portOf(event)?.address
      if (address !== undefined && portOf(event)) choose(address)
    },
  }
}
