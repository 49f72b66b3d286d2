import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on, as typed. */
export const toCount = (text: string): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('It must be a whole number from 1 on.')
}
