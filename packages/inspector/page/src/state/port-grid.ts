/** Ports stand in groups of so many, as on the front of a switch. */
export const GROUP = 8
const LEAST_GAP = 14
const MOST_GAP = 48
/** The width wanted of a port, in px, where there are few and where there are many. */
const ROOMY = 34
const DENSE = 26
/** More ports than this are many. */
const FEW = 160
const PADDING = 2

export interface PortGrid {
  readonly columns: number
  /** Of a port with the space around it, in px. */
  readonly size: number
  /** Between two groups, in px. */
  readonly gap: number
}

/** As many groups as fit, so wide that they fill the width. */
export const toPortGrid = (width: number, ports: number): PortGrid => {
  const wanted = ports > FEW ? DENSE : ROOMY
  const inside = Math.max(0, width - PADDING)
  const groups = Math.max(1, Math.round((inside + LEAST_GAP) / (GROUP * wanted + LEAST_GAP)))
  const fitting = Math.floor((inside - (groups - 1) * LEAST_GAP) / (groups * GROUP))
  const size = Math.min(42, Math.max(18, fitting))
  const rest = (inside - groups * GROUP * size) / Math.max(1, groups - 1)
  const gap = Math.floor(Math.min(MOST_GAP, Math.max(LEAST_GAP, rest)))
  return { columns: groups * GROUP, size, gap }
}

/** Where a port begins, in px from the left. */
export const leftOf = (column: number, { size, gap }: PortGrid): number =>
  column * size + Math.floor(column / GROUP) * gap
