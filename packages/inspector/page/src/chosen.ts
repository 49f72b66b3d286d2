import { useEffect, useState } from 'preact/hooks'

/** Who is named in the address of the page, behind its `#`: so that a link leads to one peer. */
const read = (): string | undefined => {
  const [, named] = /^#peer=(.+)$/.exec(location.hash) ?? []
  try {
    return named === undefined ? undefined : decodeURIComponent(named)
  } catch {
    return undefined
  }
}

/** The peer that was chosen, here or by a link. */
export const useChosen = () => {
  const [chosen, setChosen] = useState(read)
  useEffect(() => {
    const follow = () => setChosen(read())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const choose = (address: string | undefined) => {
    const hash = address === undefined ? '' : `#peer=${encodeURIComponent(address)}`
    history.replaceState(null, '', location.pathname + location.search + hash)
    setChosen(address)
  }
  return [chosen, choose] as const
}
