import type { Attributes } from '@opentelemetry/api'

/** Attributes, with the name of the hub; those that are `undefined` are left out. */
export type Named = (values: Record<string, string | undefined>) => Attributes

export const createNamed =
  (name: string): Named =>
  (values) => {
    const known = Object.entries(values).filter(([, value]) => value !== undefined)
    return Object.freeze({ 'conn_hub.name': name, ...Object.fromEntries(known) })
  }

/** Makes each once. The caller bounds the keys. */
export const memo = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<K, V>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) {
      value = make(key)
      made.set(key, value)
    }
    return value
  }
}
