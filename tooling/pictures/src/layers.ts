import { fileURLToPath } from 'node:url'
import { type Floor, readHouse, SCOPE } from './house.js'
import { box, drawing, type Point, path, round, text } from './svg.js'

const BOX = { width: 196, height: 96 }
const GAP = { x: 22, y: 66 }
const MARGIN = 28
const LETTERS_A_LINE = 32
const LINES = 4
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The packages, each above those that it needs, with the rules that keep it there. */
export const drawLayers = (): string => {
  const floors = readHouse(ROOT)
  const highest = Math.max(...floors.map(({ rank }) => rank))
  const rows = Array.from({ length: highest + 1 }, (_, rank) => toRow(floors, rank))
  const widest = Math.max(...rows.map(({ length }) => length))
  const width = widest * (BOX.width + GAP.x) - GAP.x + MARGIN * 2
  const height = (highest + 1) * (BOX.height + GAP.y) - GAP.y + MARGIN * 2 + 22
  const places = new Map<string, Point>()
  for (const row of rows) {
    for (const [index, floor] of row.entries()) {
      const y = MARGIN + BOX.height / 2 + (highest - floor.rank) * (BOX.height + GAP.y)
      places.set(floor.folder, { x: toX(floor, index, row.length, places, width), y })
    }
  }
  const at = (folder: string) => places.get(folder) ?? { x: 0, y: 0 }
  const arrows = floors.flatMap(({ folder, needs, typesOf }) =>
    needs.map((need) =>
      path(arrow(at(folder), at(need), width), typesOf.includes(need) ? 'edge types' : 'edge'),
    ),
  )
  const boxes = floors.map((floor) => drawFloor(floor, at(floor.folder)))
  const legend = `All names begin with ${SCOPE}. An arrow: needs. Dashed: its types alone. Below a name: the rules of tooling/layers.`
  const words = text({ x: width / 2, y: height - 15 }, legend, 'faint')
  return drawing({ width, height }, 'The layers of the packages', [...arrows, ...boxes, words])
}

/** Those on which others stand come last, so that these can stand beside each other. */
const toRow = (floors: readonly Floor[], rank: number): Floor[] => {
  const carries = ({ folder }: Floor) =>
    Number(floors.some((other) => other.rank > rank && other.needs.includes(folder)))
  return floors.filter((floor) => floor.rank === rank).sort((a, b) => carries(a) - carries(b))
}

/** A row stands in the middle; but one alone stands over what it needs, beside what it does not. */
const toX = (
  { rank, needs }: Floor,
  index: number,
  count: number,
  places: ReadonlyMap<string, Point>,
  width: number,
): number => {
  const step = BOX.width + GAP.x
  if (count > 1 || rank < 2) return width / 2 + (index - (count - 1) / 2) * step
  const below = needs.flatMap((need) => places.get(need)?.x ?? []).filter((x) => x !== width / 2)
  return below.reduce((sum, x) => sum + x, 0) / below.length
}

/** As many words in a line as fit. */
const wrap = (words: string): string[] => {
  const lines = ['']
  for (const word of words.split(' ')) {
    const last = lines.length - 1
    const longer = `${lines[last]} ${word}`.trim()
    if (longer.length > LETTERS_A_LINE) lines.push(word)
    else lines[last] = longer
  }
  return lines
}

const drawFloor = ({ folder, rules }: Floor, { x, y }: Point): string => {
  const lines = rules.flatMap(wrap).slice(0, LINES)
  const top = y - lines.length * 7.5
  return [
    box({ x, y }, BOX),
    text({ x, y: top + 4 }, folder, 'name'),
    ...lines.map((line, index) => text({ x, y: top + 23 + index * 15 }, line, 'faint')),
  ].join('')
}

/** Straight down between the boxes of the rows that it passes, then to its end. */
const arrow = (from: Point, to: Point, width: number): string => {
  const row = BOX.height + GAP.y
  const start = to.y - row + BOX.height / 2
  const bottom = to.y - BOX.height / 2 - 2
  // Arrows end apart from each other, in the order in which they come.
  const end = to.x + ((from.x - width / 2) / width) * BOX.width * 0.85
  const middle = (start + bottom) / 2
  const [x, last] = [round(from.x), round(end)]
  return `M${x} ${round(from.y + BOX.height / 2)}V${round(start)}C${x} ${round(middle)} ${last} ${round(middle)} ${last} ${round(bottom)}`
}
