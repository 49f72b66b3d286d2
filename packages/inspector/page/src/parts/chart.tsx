import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { useWidth } from '../hooks.js'
import { type Counts, STATES } from '../state/counts.js'
import type { Sample, Series } from '../state/series.js'
import { onColours } from '../theme.js'

const HEIGHT = 124
/** How far back it may show, in ms. */
const RANGES = [
  ['1 min', 60_000],
  ['1 h', 3_600_000],
] as const
/** Between the lines, in s. */
const STEPS = [10, 15, 30, 60, 300, 600, 900, 1_200, 1_800, 3_600]
/** Told apart by more than colour. */
const DASHES = { connected: [], connecting: [6, 4], disconnecting: [2, 3] }

const toData = (samples: readonly Sample[]): uPlot.AlignedData => [
  samples.map(({ at }) => at / 1000),
  ...STATES.map((state) => samples.map((sample) => sample[state])),
]

/** Each count holds until the next sample. */
const stepped = uPlot.paths.stepped?.({ align: 1 })

const createChart = (element: HTMLElement, width: number, range: number): uPlot => {
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
    padding: [32, 26, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (_chart, _min, max) => [max - range / 1_000, max] },
      y: { range: (_chart, _min, max) => [0, Math.max(4, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 90,
        values: range > 60_000 ? '{HH}:{mm}' : '{HH}:{mm}:{ss}',
        incrs: STEPS,
      },
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
        ...(stepped && { paths: stepped }),
        ...(state === 'connected' && { fill: colour('fill') }),
      })),
    ],
  }
  return new uPlot(options, toData([]), element)
}

interface Props {
  readonly series: Series
  readonly counts: Counts
  readonly now: number
}

/** The counts by state over time. */
export const Chart = ({ series, counts, now }: Props) => {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>()
  const [range, setRange] = useState<number>(RANGES[0][1])
  const width = useWidth(element)
  // Once a second it moves on.
  const second = Math.floor(now / 1_000)
  const { version } = series
  const paint = () => chart.current?.setData(toData(series.window(range, now)))

  useEffect(() => {
    if (!element.current || width === 0) return
    const place = element.current
    const draw = () => {
      chart.current?.destroy()
      chart.current = createChart(place, width, range)
      paint()
    }
    draw()
    const stop = onColours(draw)
    return () => {
      stop()
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [series, width, range])

  useEffect(paint, [series, second, version])

  const words = STATES.map((state) => `${counts[state]} ${state}`).join(', ')
  return (
    <figure class="chart">
      <div ref={element} role="img" aria-label={`Counts by state over time. Now: ${words}`} />
      <fieldset class="ranges">
        <legend class="visually-hidden">How far back</legend>
        {RANGES.map(([name, ms]) => (
          <button key={name} type="button" aria-pressed={ms === range} onClick={() => setRange(ms)}>
            {name}
          </button>
        ))}
      </fieldset>
    </figure>
  )
}
