/** Lets promises run that wait for nothing but each other. */
export const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
