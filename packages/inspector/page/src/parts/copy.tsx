import { useState } from 'preact/hooks'

/** By the clipboard, or, where a page has none (plain HTTP from another machine), as it was done before there was one. */
const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const isDone = document.execCommand('copy')
    area.remove()
    return isDone
  }
}

/** Copies a text as it is, with all that is not shown of it. */
export const Copy = ({ what, text }: { what: string; text: () => string }) => {
  const [outcome, setOutcome] = useState('')
  const onClick = async (event: Event) => {
    const button = event.currentTarget as HTMLElement
    setOutcome((await copy(text())) ? 'Copied' : 'Not copied')
    button.focus()
    setTimeout(() => setOutcome(''), 1_500)
  }
  return (
    <button type="button" class="copy" onClick={onClick}>
      <span aria-live="polite">{outcome || `Copy ${what}`}</span>
    </button>
  )
}
