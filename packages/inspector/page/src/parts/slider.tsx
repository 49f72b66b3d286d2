import { useEffect, useRef, useState } from 'preact/hooks'
import type { Moment } from '../../../src/protocol.js'
import { seek } from '../control.js'
import { dateAndClock } from '../state/words.js'

/** Asks for one place after another: a slider comes by more of them than can be told, and the last one counts. */
const useSeek = (moment: Moment) => {
  const [wanted, want] = useState<number>()
  const [failure, fail] = useState<string>()
  const last = useRef<number>()
  const isAsking = useRef(false)
  const now = useRef(moment)
  now.current = moment
  // The answer may be here before the page is there: until then the next step goes from where it will be.
  useEffect(() => {
    if (!isAsking.current) want(undefined)
  }, [moment])
  const goTo = async (place: number) => {
    last.current = place
    want(place)
    if (isAsking.current) return
    isAsking.current = true
    let asked: number | undefined
    let answer: string | undefined
    while (asked !== last.current) {
      asked = last.current
      answer = await seek(asked as number)
    }
    isAsking.current = false
    fail(answer)
    if (answer !== undefined || now.current.place === asked) want(undefined)
  }
  return { wanted, failure, goTo }
}

/** Where in a record the page is, and moves through it: line by line. */
export const Slider = ({ moment }: { moment: Moment }) => {
  const { length, at, from, to } = moment
  const { wanted, failure, goTo } = useSeek(moment)
  const place = wanted ?? moment.place
  const line = `line ${place.toLocaleString('en')} of ${length.toLocaleString('en')}`
  // Of which time another place is, its line says.
  const time = place === moment.place ? dateAndClock(at) : 'moving'
  const step = (by: number) => goTo(Math.min(length, Math.max(0, place + by)))
  return (
    <section class="slider" aria-label="The moment of the record">
      <button type="button" disabled={place <= 0} onClick={() => step(-1)}>
        <span aria-hidden="true">‹</span>
        <span class="visually-hidden">One line back</span>
      </button>
      <input
        type="range"
        min={0}
        max={length}
        value={place}
        aria-label="Moment"
        aria-valuetext={`${time}, ${line}`}
        title={`${dateAndClock(from)} – ${dateAndClock(to)}`}
        onInput={(event) => goTo(event.currentTarget.valueAsNumber)}
      />
      <button type="button" disabled={place >= length} onClick={() => step(1)}>
        <span aria-hidden="true">›</span>
        <span class="visually-hidden">One line on</span>
      </button>
      <p>
        <time>{time}</time> <span>{line}</span>
      </p>
      <p role="alert" class="failure">
        {failure}
      </p>
    </section>
  )
}
