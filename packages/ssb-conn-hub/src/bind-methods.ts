/**
 * Gives an instance methods of its own that need no `this`: they can be taken out of it, and called on a proxy of it, which
 * knows nothing of private fields. A subclass may override them, and whoever hooks one sets it.
 */
export const bindMethods = <T extends object>(instance: T, names: readonly (keyof T)[]): void => {
  for (const name of names) {
    const method = instance[name] as (this: T, ...given: never) => unknown
    const value = method.bind(instance)
    Object.defineProperty(instance, name, { value, writable: true, configurable: true })
  }
}
