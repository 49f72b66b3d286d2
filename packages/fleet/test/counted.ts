import { type Engine, memoryEngine } from '../src/index.js'

/** A memory engine, parts of which are others; and how often each was called. */
export const engineWith = (parts: Partial<Engine>) => {
  const engine = { ...memoryEngine(), ...parts }
  const counts: Record<string, number> = {}
  for (const [name, run] of Object.entries(engine)) {
    const counted = (...args: unknown[]) => {
      counts[name] = (counts[name] ?? 0) + 1
      return (run as (...args: unknown[]) => unknown)(...args)
    }
    Object.assign(engine, { [name]: counted })
  }
  return { engine, counts }
}
