import { findSteps, type StateName, type StepFound } from './steps.js'
import { box, drawing, type Point, path, round, text } from './svg.js'

const SIZE = { width: 920, height: 460 }
const NODE = { width: 150, height: 62 }

const PLACES: Readonly<Record<StateName, Point>> = {
  connecting: { x: 180, y: 70 },
  connected: { x: 740, y: 70 },
  none: { x: 180, y: 390 },
  disconnecting: { x: 740, y: 390 },
}

const WORDS: Readonly<Record<StateName, string>> = {
  none: 'no entry',
  connecting: 'connecting',
  connected: 'connected',
  disconnecting: 'disconnecting',
}

/** How far an arrow bends to its left, and where on it the words stand, from 0 to 1. */
interface Bend {
  readonly by: number
  readonly words: number
}

const BENDS: Readonly<Record<string, Bend>> = {
  'none connecting': { by: -170, words: 0.5 },
  'connecting none': { by: -170, words: 0.5 },
  'none connected': { by: -46, words: 0.6 },
  'connected none': { by: -46, words: 0.6 },
  'connected disconnecting': { by: -170, words: 0.5 },
  'disconnecting connected': { by: -170, words: 0.5 },
  'connecting disconnecting': { by: 0, words: 0.27 },
}

const STRAIGHT: Bend = { by: 0, words: 0.5 }

/** The states of an entry and what leads from one to the other, as the hub's own function answers. */
export const drawStates = (): string => {
  const steps = findSteps()
  const arrows = steps.map(drawArrow)
  const words = steps.map(drawWords)
  const nodes = Object.entries(PLACES).map(([state, place]) => drawNode(state as StateName, place))
  return drawing(SIZE, 'The states of an entry', [...arrows, ...words, ...nodes])
}

const drawNode = (state: StateName, { x, y }: Point): string =>
  [
    box({ x, y }, NODE),
    box({ x, y: y - 11 }, { width: 22, height: 22 }, 'socket', 4),
    state === 'none' ? '' : box({ x, y: y - 11 }, { width: 16, height: 16 }, state, 2),
    text({ x, y: y + 21 }, WORDS[state], 'name'),
  ].join('')

const bendOf = ({ from, to }: StepFound): Bend => BENDS[`${from} ${to}`] ?? STRAIGHT

/** The point that pulls the curve to the side. */
const pullOf = (step: StepFound): Point => {
  const [from, to] = [PLACES[step.from], PLACES[step.to]]
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const side = bendOf(step).by
  return {
    x: (from.x + to.x) / 2 - ((to.y - from.y) / length) * side,
    y: (from.y + to.y) / 2 + ((to.x - from.x) / length) * side,
  }
}

/** Where a line from the middle of a node leaves it. */
const edgeOf = (node: Point, towards: Point): Point => {
  const [dx, dy] = [towards.x - node.x, towards.y - node.y]
  const room = { x: NODE.width / 2 + 5, y: NODE.height / 2 + 5 }
  const scale = Math.min(room.x / Math.abs(dx || 1e-9), room.y / Math.abs(dy || 1e-9))
  return { x: node.x + dx * scale, y: node.y + dy * scale }
}

const curveOf = (step: StepFound): readonly [Point, Point, Point] => {
  const pull = pullOf(step)
  return [edgeOf(PLACES[step.from], pull), pull, edgeOf(PLACES[step.to], pull)]
}

const drawArrow = (step: StepFound): string => {
  const [from, pull, to] = curveOf(step)
  const points = [from, pull, to].map(({ x, y }) => `${round(x)} ${round(y)}`)
  return path(`M${points[0]}Q${points[1]} ${points[2]}`, 'edge')
}

const drawWords = (step: StepFound): string => {
  const [from, pull, to] = curveOf(step)
  const t = bendOf(step).words
  const on = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * (1 - t) * t * b + t * t * c
  const place = { x: on(from.x, pull.x, to.x), y: on(from.y, pull.y, to.y) }
  const longest = Math.max(step.input.length * 6.3, (step.event?.length ?? 0) * 7.4)
  return [
    box(place, { width: Math.round(longest) + 10, height: 36 }, 'plate', 4),
    text({ x: place.x, y: place.y - 3 }, step.input),
    text({ x: place.x, y: place.y + 13 }, step.event ?? '', 'code faint'),
  ].join('')
}
