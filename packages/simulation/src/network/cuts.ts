import { expect } from '../options.js'

/** A peer, or its name. */
export type Name = string | { readonly name: string }

/** Whether packets on this way are lost. */
export type Cut = (from: string, to: string) => boolean

/** Nothing passes between two groups; peers that are in none reach all. */
export const between = (groups: readonly (readonly string[])[]): Cut => {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((name) => [name, index])))
  return (from, to) => {
    const [one, other] = [groupOf.get(from), groupOf.get(to)]
    return one !== undefined && other !== undefined && one !== other
  }
}

export const oneWay =
  (one: string, other: string): Cut =>
  (from, to) =>
    from === one && to === other

/** @param known The peers of the world: a name that is none of them is a slip of the pen. */
export const namesOf = (peers: readonly Name[], known: Iterable<string>): string[] => {
  expect(Array.isArray(peers), 'a list of peers, or of their names', 'group')
  const all = [...known]
  return peers.map((peer) => {
    const name = typeof peer === 'string' ? peer : peer?.name
    expect(typeof name === 'string', 'a peer, or the name of one', 'peer')
    expect(
      all.includes(name),
      `one of the peers of this world (${all.join(', ')}), not "${name}"`,
      'peer',
    )
    return name
  })
}
