import type { Port } from './ports.js'

/** A line of the panel: the name of a group, or a row of its ports. */
export type PanelLine =
  | { readonly kind: string; readonly lit: number; readonly total: number }
  | { readonly ports: readonly Port[] }

/** Where a port is on the panel. */
export interface Spot {
  readonly line: number
  readonly column: number
}

/** Which port it is, wherever its line is now. */
export type Place = Pick<Port, 'kind' | 'number'>

type Group = { readonly kind: string; readonly ports: readonly Port[] }

export const toLines = (groups: readonly Group[], columns: number): PanelLine[] =>
  groups.flatMap(({ kind, ports }) => {
    const lit = ports.reduce((sum, { entry }) => sum + (entry ? 1 : 0), 0)
    const rows: PanelLine[] = [{ kind, lit, total: ports.length }]
    for (let start = 0; start < ports.length; start += columns) {
      rows.push({ ports: ports.slice(start, start + columns) })
    }
    return rows
  })

const portsAt = (lines: readonly PanelLine[], line: number): readonly Port[] => {
  const found = lines[line]
  return found && 'ports' in found ? found.ports : []
}

export const portAt = (lines: readonly PanelLine[], { line, column }: Spot): Port | undefined =>
  portsAt(lines, line)[column]

export const spotOf = (lines: readonly PanelLine[], { kind, number }: Place): Spot | undefined => {
  for (const [line, found] of lines.entries()) {
    if (!('ports' in found) || found.ports[0]?.kind !== kind) continue
    const column = number - (found.ports[0]?.number ?? 0)
    if (column < found.ports.length) return { line, column }
  }
  return undefined
}

/** Names a line, wherever it is. */
export const nameOf = (line: PanelLine): string =>
  'kind' in line ? `head ${line.kind}` : `${line.ports[0]?.number} ${line.ports[0]?.kind}`

/** The nearest row of ports from a line on, in one direction. */
const nearestRow = (
  lines: readonly PanelLine[],
  from: number,
  step: 1 | -1,
): number | undefined => {
  for (let line = from; line >= 0 && line < lines.length; line += step) {
    if (portsAt(lines, line).length > 0) return line
  }
  return undefined
}

const lastColumn = (lines: readonly PanelLine[], line: number) => portsAt(lines, line).length - 1

/** Where a key leads from a port; `undefined` where the key means nothing here. */
export const move = (lines: readonly PanelLine[], from: Spot, key: string): Spot | undefined => {
  const toRow = (line: number | undefined, column: number): Spot =>
    line === undefined ? from : { line, column: Math.min(column, lastColumn(lines, line)) }
  const { line, column } = from
  switch (key) {
    case 'ArrowRight':
      if (column < lastColumn(lines, line)) return { line, column: column + 1 }
      return toRow(nearestRow(lines, line + 1, 1), 0)
    case 'ArrowLeft':
      if (column > 0) return { line, column: column - 1 }
      return toRow(nearestRow(lines, line - 1, -1), Number.POSITIVE_INFINITY)
    case 'ArrowDown':
      return toRow(nearestRow(lines, line + 1, 1), column)
    case 'ArrowUp':
      return toRow(nearestRow(lines, line - 1, -1), column)
    case 'Home':
      return toRow(nearestRow(lines, 0, 1), 0)
    case 'End':
      return toRow(nearestRow(lines, lines.length - 1, -1), Number.POSITIVE_INFINITY)
    default:
      return undefined
  }
}

/** Where the keyboard enters the panel when nothing was focused yet. */
export const firstSpot = (lines: readonly PanelLine[]): Spot | undefined => {
  const line = nearestRow(lines, 0, 1)
  return line === undefined ? undefined : { line, column: 0 }
}
