/** Ports stand in banks of so many, as on the front of a switch. */
export const BANK = 8
export const BANK_GAP = 14
const WIDTH_WANTED = 27
const PADDING = 2

export interface Banks {
  readonly columns: number
  /** Of a port with the space around it, in px. */
  readonly size: number
}

/** As many banks as fit, so wide that they fill the width. */
export const toBanks = (width: number): Banks => {
  const inside = Math.max(0, width - PADDING)
  const banks = Math.max(1, Math.round((inside + BANK_GAP) / (BANK * WIDTH_WANTED + BANK_GAP)))
  const size = Math.floor((inside - (banks - 1) * BANK_GAP) / (banks * BANK))
  return { columns: banks * BANK, size: Math.min(40, Math.max(18, size)) }
}

/** Where a port begins, in px from the left. */
export const leftOf = (column: number, size: number): number =>
  column * size + Math.floor(column / BANK) * BANK_GAP
