/** At most so many characters: the beginning and the end. */
export const cutMiddle = (text: string, length: number): string => {
  if (text.length <= length) return text
  const end = Math.floor((length - 1) / 3)
  return `${text.slice(0, length - 1 - end)}…${text.slice(text.length - end)}`
}
