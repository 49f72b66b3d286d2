import { older } from './places.js'
import { type Heard, openStream, type Source } from './source.js'

// One stream for all tabs of a browser: it gives a host six connections, and the seventh tab would wait for ever.

/** What a tab says: from where on it wants to hear, that it is still there, or that it goes. */
export type Said = { readonly join: string } | 'here' | 'leave'
/** What it hears; `lost`: it has to join again. */
export type Told = Heard | 'lost'

/** In ms: a tab says that it is there more often than this, or it is gone without a word. */
const PATIENCE = 60_000

const base = new URL('../', location.href).href
/** When each was heard last, in ms. */
const tabs = new Map<MessagePort, number>()
let source: Source | undefined
let from = ''
let place = ''
/** Who joins now would miss what was told already. */
let hasBegun = false

const tell = (told: Told): void => {
  for (const tab of tabs.keys()) tab.postMessage(told)
}

const open = (wanted: string): void => {
  source?.close()
  from = wanted
  hasBegun = false
  source = openStream(
    base,
    from,
    (message) => {
      hasBegun = true
      if (message.id) place = message.id
      tell(message)
    },
    () => {
      source = undefined
      tell('lost')
      tabs.clear()
    },
  )
}

const rest = (): void => {
  if (tabs.size > 0) return
  source?.close()
  source = undefined
}

const hear = (tab: MessagePort, said: Said): void => {
  if (said === 'leave') tabs.delete(tab)
  else if (said === 'here') {
    if (tabs.has(tab)) tabs.set(tab, Date.now())
  } else {
    const isFirst = tabs.size === 0
    tabs.set(tab, Date.now())
    // The others hear again what they know, and pass over it.
    const wanted = isFirst ? said.join : older(said.join, hasBegun ? place : from)
    if (!source || hasBegun || wanted !== from) open(wanted)
  }
  rest()
}

setInterval(() => {
  for (const [tab, at] of tabs) if (Date.now() - at > PATIENCE) tabs.delete(tab)
  rest()
}, PATIENCE / 4)

addEventListener('connect', (event) => {
  const [tab] = (event as MessageEvent).ports
  if (tab) tab.onmessage = ({ data }: MessageEvent<Said>) => hear(tab, data)
})
