import type { Session } from '@conn-hub/core'

/** The sessions that are open, by their group; each leaves by its own end. */
export class OpenByGroup {
  readonly #groups = new Map<string, Set<Session<unknown>>>()

  get groups(): number {
    return this.#groups.size
  }

  count(group: string): number {
    return this.#groups.get(group)?.size ?? 0
  }

  add(group: string, session: Session<unknown>): void {
    const open = this.#groups.get(group) ?? new Set()
    this.#groups.set(group, open.add(session))
    const leave = () => {
      if (open.delete(session) && open.size === 0) this.#groups.delete(group)
    }
    try {
      session.onClosed(leave)
    } catch {
      // The hub cannot hear it either, and refuses it.
      leave()
    }
  }
}
