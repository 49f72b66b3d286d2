import type { End } from '../end.js'
import { assert, needs } from '../failure.js'
import { settle } from '../settle.js'
import type { Check } from '../trial.js'
import { textOf } from '../words.js'

const FIELDS = ['bytesIn', 'bytesOut', 'messagesIn', 'messagesOut', 'heardAt']

/** Clocks differ, in ms; seconds, and times since the start of a process, are further off. */
const A_DAY = 86_400_000

export const traffic: Record<string, Check> = {
  'traffic() gives numbers that never go down': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    const ends = [ours, theirs]
    const looks = [ends.map((end) => look(end))]
    await trial.roundTrip()
    // A probe makes traffic, where there is one.
    const { signal } = new AbortController()
    await trial.settled(
      settle(() => ours.session.probe?.(signal)),
      'probe() settles',
    )
    looks.push(ends.map((end) => look(end)))
    await trial.close(ours, theirs)
    looks.push(ends.map((end) => look(end)))
    for (const index of ends.keys()) neverDown(looks.map((all) => all[index] ?? {}))
  },

  'traffic() has the fields that are known': async (trial) => {
    trial.listen()
    const { ours, theirs } = await trial.open()
    for (const end of [ours, theirs]) {
      const seen = look(end)
      const unknown = Object.keys(seen).find((field) => !FIELDS.includes(field))
      assert(
        unknown === undefined,
        `traffic() has the fields ${FIELDS.join(', ')}, and not "${unknown}"`,
      )
      const { heardAt } = seen
      const isTime = heardAt === undefined || Math.abs(heardAt - Date.now()) < A_DAY
      assert(isTime, 'heardAt is a time in ms since 1970')
    }
  },
}

type Seen = Record<string, number | undefined>

const look = <S>({ session }: End<S>): Seen => {
  needs(session.traffic !== undefined, 'its sessions have no traffic()')
  let given: unknown
  try {
    given = session.traffic()
  } catch (error) {
    assert(false, `traffic() does not throw, also after the end: ${textOf(error)}`)
  }
  assert(typeof given === 'object' && given !== null, 'traffic() gives an object')
  const seen = { ...given } as Seen
  for (const [field, value] of Object.entries(seen)) {
    const isNumber = value === undefined || (Number.isFinite(value) && value >= 0)
    assert(isNumber, `${field} of traffic() is a number of 0 or more, or undefined`)
  }
  return seen
}

const neverDown = (looks: readonly Seen[]): void => {
  for (const field of FIELDS) {
    let last = 0
    for (const seen of looks) {
      const value = seen[field] ?? last
      assert(value >= last, `${field} of traffic() never goes down`)
      last = value
    }
  }
}
