import type { Virtualizer } from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** How long after the finger a tap's click may come, in ms. */
const TAP = 300

/** Whether the pointer or the focus is inside: then nothing must move away under it. */
export const useHeld = (element: RefObject<HTMLElement>): (() => boolean) => {
  const over = useRef(false)
  const until = useRef(0)
  useEffect(() => {
    const { current } = element
    if (!current) return
    // It may have been there before anybody listened.
    over.current = current.matches(':hover')
    const enter = () => {
      over.current = true
    }
    const leave = ({ pointerType }: PointerEvent) => {
      over.current = false
      if (pointerType === 'touch') until.current = performance.now() + TAP
    }
    current.addEventListener('pointerenter', enter)
    current.addEventListener('pointerleave', leave)
    return () => {
      current.removeEventListener('pointerenter', enter)
      current.removeEventListener('pointerleave', leave)
    }
  }, [element])
  return () =>
    over.current ||
    performance.now() < until.current ||
    (element.current?.contains(document.activeElement) ?? false)
}

interface Hold<A extends object> {
  readonly scroller: RefObject<HTMLElement>
  readonly virtual: Virtualizer<HTMLElement, HTMLElement>
  readonly isHeld: boolean
  /** What stays where it is. */
  readonly anchor: A | undefined
  /** Where that is now, in px from the top of the list; `undefined`: nowhere. */
  readonly topOf: (anchor: A) => number | undefined
}

/**
 * Where lines come in above, what is being read or pointed at stays where it is. Gives the height of the list, in px.
 * It is asked for before the lines in sight are: these have to be drawn in the frame in which they are scrolled to.
 */
export const useHold = <A extends object>({
  scroller,
  virtual,
  isHeld,
  anchor,
  topOf,
}: Hold<A>): number => {
  const formerTopOf = useRef(topOf)
  // So far it was scrolled from the top for the pointer's sake alone.
  const carried = useRef(0)
  const top = anchor && topOf(anchor)
  const former = anchor && formerTopOf.current(anchor)
  formerTopOf.current = topOf
  const element = scroller.current
  const from = element?.scrollTop ?? 0
  let to = from
  // By less than a pixel the browser rounds, by more the reader has scrolled.
  const isCarried = Math.abs(from - carried.current) < 1
  if (isCarried && !isHeld) to = 0
  const isKnown = top !== undefined && former !== undefined
  if (isKnown && (to > 0 || isHeld)) to = Math.max(0, to + top - former)
  carried.current = isCarried ? to : 0
  if (to !== from) virtual.scrollOffset = to
  useLayoutEffect(() => {
    if (element && to !== from) element.scrollTop = to
  })
  const total = virtual.getTotalSize()
  // A short list can be scrolled by nothing: it gets room below.
  return isHeld && element ? Math.max(total, to + element.clientHeight) : total
}
