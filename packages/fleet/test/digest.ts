/** Two numbers in the place of a set, in whatever order it comes: what a view holds does not fit through a pipe in good time. */
export const digestOf = (fields: Iterable<string>): string => {
  let [sum, size] = [0, 0]
  for (const field of fields) {
    size++
    let hash = 0x811c9dc5
    for (let at = 0; at < field.length; at++) {
      hash = Math.imul(hash ^ field.charCodeAt(at), 0x01000193)
    }
    sum = (sum + (hash >>> 0)) % 2 ** 40
  }
  return `${size} ${sum}`
}
