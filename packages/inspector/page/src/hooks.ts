import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks'
import type { Link } from './link/link.js'

const useRepaint = (): (() => void) => useReducer((count: number) => count + 1, 0)[1] as () => void

/** Paints again, in the next frame, after whatever the link brought. */
export const useLink = (link: Link): void => {
  const repaint = useRepaint()
  useEffect(() => link.subscribe(repaint), [link, repaint])
}

/** The width of an element without its padding, in px. */
export const useWidth = (element: RefObject<HTMLElement>): number => {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** Calls back when Escape is pressed, wherever the focus is. */
export const useEscape = (onEscape: () => void): void => {
  useEffect(() => {
    const listener = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') onEscape()
    }
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  })
}

interface VirtualOptions {
  readonly count: number
  /** The height of an item, in px. */
  readonly heightOf: (index: number) => number
  /** What `heightOf` goes by: when it changes, all heights are asked anew. */
  readonly measure?: unknown
  /** An item that stays although it is out of sight, because it has the focus. */
  readonly keep?: number | undefined
}

/** Which items of a long list are in sight. */
export const useVirtual = (
  element: RefObject<HTMLElement>,
  { count, heightOf, measure, keep }: VirtualOptions,
): Virtualizer<HTMLElement, HTMLElement> => {
  const repaint = useRepaint()
  const options = {
    count,
    getScrollElement: () => element.current,
    estimateSize: heightOf,
    overscan: 4,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const indexes = defaultRangeExtractor(range)
      if (keep === undefined || keep >= count || indexes.includes(keep)) return indexes
      return [...indexes, keep].sort((a, b) => a - b)
    },
    onChange: repaint,
  }
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options))
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, measure])
  return virtualizer
}
