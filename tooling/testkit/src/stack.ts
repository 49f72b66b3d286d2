/** Calls `act` where the stack has room for about so many calls more. */
export const nearTheEnd = (room: number, act: () => void): void => {
  let left = room
  const down = (): void => {
    try {
      down()
    } catch (error) {
      if (left-- > 0) throw error
      act()
    }
  }
  try {
    down()
  } catch {
    // Not even that had room.
  }
}
