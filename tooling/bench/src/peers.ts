interface Loader {
  load(name: string): Promise<unknown>
}

/** They are no part of the workspace, so their types are said here, as far as they are used. */
export const loadPeer = async <T>(name: string): Promise<T> => {
  // A variable, or the bundler would look for it.
  const place = new URL('../peers/load.js', import.meta.url).href
  const { load }: Loader = await import(place)
  return (await load(name)) as T
}
