import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** The arrows lead from row to row of a list of which only a part is drawn: `[data-row]`, with a button in each. */
export const toStep =
  (list: RefObject<HTMLElement>, setTabbable: (index: number) => void) =>
  (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const from = (event.target as Element).closest<HTMLElement>('[data-row]')
    if (!by || !from) return
    const index = Number(from.dataset.row) + by
    const next = list.current?.querySelector<HTMLElement>(`[data-row="${index}"] button`)
    if (!next) return
    event.preventDefault()
    setTabbable(index)
    next.focus()
  }

/** What takes the focus when it opens, gives it back when it closes, and keeps it when what had it inside goes. */
export const useOwnFocus = (element: RefObject<HTMLElement>, what: unknown): void => {
  const isInside = useRef(false)
  const opener = useRef<Element | null>(null)
  useEffect(() => {
    const see = ({ target, relatedTarget }: FocusEvent) => {
      // Where nothing gets the focus, what had it has gone, or nothing was clicked at.
      if (target instanceof Node && element.current?.contains(target)) isInside.current = true
      else if (relatedTarget !== null || target !== document.body) isInside.current = false
    }
    document.addEventListener('focusin', see)
    return () => {
      document.removeEventListener('focusin', see)
      if (!isInside.current) return
      const { current } = opener
      const former = current?.isConnected && current !== document.body ? current : undefined
      const back =
        former ?? document.querySelector('.port[tabindex="0"]') ?? document.querySelector('.skip')
      ;(back as HTMLElement | null)?.focus()
    }
  }, [element])
  useEffect(() => {
    const before = document.activeElement
    if (before && !element.current?.contains(before)) opener.current = before
    element.current?.focus({ preventScroll: false })
  }, [element, what])
  useLayoutEffect(() => {
    const isLost = isInside.current && document.activeElement === document.body
    if (isLost) element.current?.focus({ preventScroll: true })
  })
}
