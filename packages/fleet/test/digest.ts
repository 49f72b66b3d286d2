/** Two numbers in the place of a set, in whatever order it comes and goes: what a view holds does not fit through a pipe in good time. */
export class Digest {
  #size = 0
  #sum = 0

  add(field: string): void {
    this.#size++
    this.#sum = (this.#sum + hashOf(field)) % RANGE
  }

  remove(field: string): void {
    this.#size--
    this.#sum = (this.#sum + RANGE - hashOf(field)) % RANGE
  }

  /** Of another set, that has nothing of this one. */
  join(text: string): void {
    const [size = 0, sum = 0] = text.split(' ').map(Number)
    this.#size += size
    this.#sum = (this.#sum + sum) % RANGE
  }

  toString(): string {
    return `${this.#size} ${this.#sum}`
  }
}

const RANGE = 2 ** 40

const hashOf = (field: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < field.length; at++) {
    hash = Math.imul(hash ^ field.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

export const digestOf = (fields: Iterable<string>): string => {
  const digest = new Digest()
  for (const field of fields) digest.add(field)
  return `${digest}`
}

export const joined = (digests: Iterable<string>): string => {
  const all = new Digest()
  for (const digest of digests) all.join(digest)
  return `${all}`
}
