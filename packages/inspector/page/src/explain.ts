import { useEffect, useState } from 'preact/hooks'
import type { Explained } from '../../src/protocol.js'
import type { Mirror } from './state/mirror.js'

const askExplained = async (address: string): Promise<Explained | undefined> => {
  try {
    const response = await fetch(`./explain?address=${encodeURIComponent(address)}`)
    return response.ok ? ((await response.json()) as Explained) : undefined
  } catch {
    return undefined
  }
}

/** Why a peer is as it is, where the server has somebody to ask; anew when `version` changes. */
export const useExplained = (
  mirror: Mirror,
  address: string,
  version: number,
): Explained | undefined => {
  const [explained, setExplained] = useState<Explained>()
  const isOn = mirror.hub.explain === true
  useEffect(() => {
    if (!isOn) return
    let isWanted = true
    askExplained(address).then((answer) => isWanted && setExplained(answer))
    return () => {
      isWanted = false
    }
  }, [isOn, address, version])
  return explained
}
