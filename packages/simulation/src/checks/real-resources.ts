interface Process {
  readonly stdout?: unknown
  readonly stderr?: unknown
  getActiveResourcesInfo?(): string[]
}

/** In real ms, how long what was opened may take to go away by itself. */
const PATIENCE = 200

/** The loop of the world is made of these. */
const OURS = 'Immediate'

/** Looks at what the process has open now. Gives a function that says what more there is then, by name; in browsers nothing can be seen. */
export const watchResources = (): (() => string[]) => {
  const { process } = globalThis as { process?: Process }
  // They are opened when they are asked for first: by a console.log() of the scenario, else.
  void [process?.stdout, process?.stderr]
  const count = () => {
    const counts = new Map<string, number>()
    for (const name of process?.getActiveResourcesInfo?.() ?? []) {
      if (name !== OURS) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return counts
  }
  const before = count()
  return () =>
    [...count()].flatMap(([name, now]) => {
      const more = now - (before.get(name) ?? 0)
      return more > 0 ? [more > 1 ? `${name} (${more})` : name] : []
    })
}

/** Real time must pass for what is just closing, also where another world begins in the meantime. */
export const whatStays = async (more: () => string[]): Promise<string[]> => {
  const { setTimeout } = globalThis
  for (let waited = 0; waited < PATIENCE && more().length > 0; waited += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return more()
}
