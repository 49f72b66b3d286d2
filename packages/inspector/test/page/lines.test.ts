import { describe, expect, it } from 'vitest'
import { firstSpot, move, portAt, type Spot, spotOf, toLines } from '../../page/src/state/lines.js'
import { GROUP, leftOf, toPortGrid } from '../../page/src/state/port-grid.js'
import type { Port } from '../../page/src/state/ports.js'
import { entry } from './samples.js'

const ports = (kind: string, count: number): Port[] =>
  Array.from({ length: count }, (_, i) => ({
    kind,
    number: i + 1,
    address: `${kind}:${i + 1}`,
    ...(i !== 1 && { entry: entry(`${kind}:${i + 1}`) }),
  }))

/** Of `lan` three rows: 1 to 8, 9 to 16, 17. Of `tunnel` one: 1 to 3. */
const lines = toLines(
  [
    { kind: 'lan', ports: ports('lan', 17) },
    { kind: 'tunnel', ports: ports('tunnel', 3) },
  ],
  8,
)

describe('the lines of the panel', () => {
  it('are a head for each kind, and its ports in rows', () => {
    expect(
      lines.map((line) =>
        'kind' in line ? `${line.kind} ${line.lit}/${line.total}` : line.ports.length,
      ),
    ).toEqual(['lan 16/17', 8, 8, 1, 'tunnel 2/3', 3])
  })

  it('tell where a port is, and which is where', () => {
    const port = ports('tunnel', 3)[2] as Port
    expect(spotOf(lines, port)).toEqual({ line: 5, column: 2 })
    expect(portAt(lines, { line: 5, column: 2 })?.address).toBe('tunnel:3')
    expect(portAt(lines, { line: 4, column: 0 })).toBeUndefined()
    expect(spotOf(lines, { ...port, number: 9 })).toBeUndefined()
    expect(firstSpot(lines)).toEqual({ line: 1, column: 0 })
    expect(firstSpot([])).toBeUndefined()
  })
})

describe('the keyboard', () => {
  const after = (spot: Spot, ...keys: string[]) => {
    const end = keys.reduce<Spot>(
      (at, key) => move(lines, at, key) ?? { line: -1, column: -1 },
      spot,
    )
    return portAt(lines, end)?.address
  }
  const first = { line: 1, column: 0 }

  it('goes to the neighbours, and on to the next row', () => {
    expect(after(first, 'ArrowRight')).toBe('lan:2')
    expect(after({ line: 1, column: 7 }, 'ArrowRight')).toBe('lan:9')
    expect(after({ line: 2, column: 0 }, 'ArrowLeft')).toBe('lan:8')
  })

  it('goes up and down over heads and to shorter rows', () => {
    expect(after({ line: 1, column: 5 }, 'ArrowDown')).toBe('lan:14')
    expect(after({ line: 2, column: 5 }, 'ArrowDown')).toBe('lan:17')
    expect(after({ line: 3, column: 0 }, 'ArrowDown')).toBe('tunnel:1')
    expect(after({ line: 5, column: 2 }, 'ArrowUp')).toBe('lan:17')
  })

  it('goes to both ends, and no further', () => {
    expect(after(first, 'End')).toBe('tunnel:3')
    expect(after(first, 'End', 'ArrowRight')).toBe('tunnel:3')
    expect(after(first, 'End', 'ArrowDown')).toBe('tunnel:3')
    expect(after(first, 'End', 'Home')).toBe('lan:1')
    expect(after(first, 'ArrowLeft')).toBe('lan:1')
    expect(after(first, 'ArrowUp')).toBe('lan:1')
  })

  it('leaves other keys alone', () => {
    expect(move(lines, first, 'a')).toBeUndefined()
  })
})

describe('groups of eight ports', () => {
  it('fill the width, with larger ports where there are few', () => {
    expect(toPortGrid(850, 100)).toEqual({ columns: 24, size: 34, gap: 16 })
    expect(toPortGrid(850, 1_000)).toEqual({ columns: 32, size: 25, gap: 16 })
    expect(toPortGrid(290, 1_000)).toEqual({ columns: 8, size: 36, gap: 14 })
  })

  it('never are wider than what there is', () => {
    for (let width = 160; width < 2_000; width += 7) {
      const grid = toPortGrid(width, 500)
      expect(grid.columns % GROUP).toBe(0)
      expect(leftOf(grid.columns - 1, grid) + grid.size).toBeLessThanOrEqual(width)
    }
  })
})
