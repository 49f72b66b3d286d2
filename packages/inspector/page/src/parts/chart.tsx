import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { useWidth } from '../hooks.js'
import { type Counts, STATES } from '../state/counts.js'
import type { Sample, Series } from '../state/series.js'
import { onColours } from '../theme.js'

const HEIGHT = 116
/** The least that it shows, in s. */
const LEAST = 60
/** Between the lines, in s. */
const STEPS = [10, 30, 60, 120, 300, 600]
/** Told apart by more than colour. */
const DASHES = { connected: [], connecting: [6, 4], disconnecting: [2, 3] }

const toData = (samples: readonly Sample[]): uPlot.AlignedData => [
  samples.map(({ at }) => at / 1000),
  ...STATES.map((state) => samples.map((sample) => sample[state])),
]

const createChart = (element: HTMLElement, width: number, series: Series): uPlot => {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`)
  const axis = {
    stroke: colour('text'),
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
    font: '11px ui-monospace, monospace',
  }
  const options: uPlot.Options = {
    width,
    height: HEIGHT,
    padding: [8, 26, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (_chart, min, max) => [Math.min(min, max - LEAST), max] },
      y: { range: (_chart, _min, max) => [0, Math.max(4, max * 1.1)] },
    },
    axes: [
      { ...axis, size: 22, space: 90, values: '{HH}:{mm}:{ss}', incrs: STEPS },
      {
        ...axis,
        size: 44,
        space: 26,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
      },
    ],
    series: [
      {},
      ...STATES.map((state) => ({
        label: state,
        stroke: colour(state),
        width: 2,
        dash: DASHES[state],
        points: { show: false },
        ...(state === 'connected' && { fill: colour('fill') }),
      })),
    ],
  }
  return new uPlot(options, toData(series.samples), element)
}

/** The counts by state over time. */
export const Chart = ({ series, counts }: { series: Series; counts: Counts }) => {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>()
  const width = useWidth(element)
  const last = series.samples.at(-1)?.at

  useEffect(() => {
    if (!element.current || width === 0) return
    const place = element.current
    const draw = () => {
      chart.current?.destroy()
      chart.current = createChart(place, width, series)
    }
    draw()
    const stop = onColours(draw)
    return () => {
      stop()
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [series, width])

  useEffect(() => {
    if (last !== undefined) chart.current?.setData(toData(series.samples))
  }, [series, last])

  const words = STATES.map((state) => `${counts[state]} ${state}`).join(', ')
  return (
    <figure class="chart">
      <div ref={element} role="img" aria-label={`Counts by state over time. Now: ${words}`} />
    </figure>
  )
}
