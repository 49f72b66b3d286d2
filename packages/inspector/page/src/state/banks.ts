/** Ports stand in banks of so many, as on the front of a switch. */
export const BANK = 8
export const BANK_GAP = 14
/** The width wanted of a port, in px, where there are few and where there are many. */
const ROOMY = 34
const DENSE = 26
/** More ports than this are many. */
const FEW = 160
const PADDING = 2

export interface Banks {
  readonly columns: number
  /** Of a port with the space around it, in px. */
  readonly size: number
}

/** As many banks as fit, so wide that they fill the width. */
export const toBanks = (width: number, ports: number): Banks => {
  const wanted = ports > FEW ? DENSE : ROOMY
  const inside = Math.max(0, width - PADDING)
  const banks = Math.max(1, Math.round((inside + BANK_GAP) / (BANK * wanted + BANK_GAP)))
  const size = Math.floor((inside - (banks - 1) * BANK_GAP) / (banks * BANK))
  return { columns: banks * BANK, size: Math.min(42, Math.max(18, size)) }
}

/** Where a port begins, in px from the left. */
export const leftOf = (column: number, size: number): number =>
  column * size + Math.floor(column / BANK) * BANK_GAP
