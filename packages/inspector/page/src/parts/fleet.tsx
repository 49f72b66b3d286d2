import { useEffect, useState } from 'preact/hooks'
import type { FleetAnswer } from '../../../src/protocol.js'
import { shorten, visible } from '../state/words.js'

/** In ms. */
const EVERY = 5_000
/** So many columns are shown. */
const COLUMNS = 6

const ask = async (key: string): Promise<FleetAnswer> => {
  try {
    const response = await fetch(`./fleet${key && `?find=${encodeURIComponent(key)}`}`)
    return (await response.json()) as FleetAnswer
  } catch {
    return { rows: [], error: 'The server cannot be reached.' }
  }
}

/** The machines of the fleet; or, where a key is asked for, those that have the peer. */
export const Fleet = () => {
  const [key, setKey] = useState('')
  const [answer, setAnswer] = useState<FleetAnswer>()
  useEffect(() => {
    let isWanted = true
    const look = () => ask(key).then((found) => isWanted && setAnswer(found))
    look()
    const timer = setInterval(look, EVERY)
    return () => {
      isWanted = false
      clearInterval(timer)
    }
  }, [key])
  const rows = answer?.rows ?? []
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, COLUMNS)
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Fleet">
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault()
          setKey(String(new FormData(event.currentTarget).get('key') ?? '').trim())
        }}
      >
        <label>
          <span>Find a key</span>
          <input
            name="key"
            maxLength={4096}
            spellcheck={false}
            autocomplete="off"
            placeholder="nothing: all machines"
          />
        </label>
        <button type="submit">Find</button>
      </form>
      {answer?.error && <p class="hint">{visible(answer.error)}</p>}
      {rows.length > 0 && (
        <table class="fleet" aria-label="Fleet">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {shorten(column, 20)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {columns.map((column) => (
                  <td key={column} title={visible(row[column] ?? '')}>
                    {shorten(row[column] ?? '', 28)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {answer && rows.length === 0 && !answer.error && (
        <p class="hint">{key ? 'No machine has this peer.' : 'There is no machine.'}</p>
      )}
    </div>
  )
}
