import { assert, type Check, KEEP, until } from './trial.js'

/** Of a lease that is to end within the case, in ms. */
const SHORT = 300

export const leasing: Record<string, Check> = {
  'renew() takes a lease, and both engines see it': async ({ here, there, incarnation }) => {
    const [one, other] = [incarnation(), incarnation()]
    const first = await here.renew(one, KEEP)
    assert(!first.held, 'the first renewal holds nothing yet')
    assert(typeof first.epoch === 'string' && first.epoch !== '', 'there is an epoch')
    const seen = await there.renew(other, KEEP)
    assert(seen.epoch === first.epoch, 'the epoch is the same for all')
    const until = new Map(seen.leases).get(one) ?? 0
    const rest = until - seen.now
    assert(rest > KEEP / 2 && rest <= KEEP, 'the end of a lease is told by the clock of the engine')
    const again = await here.renew(one, KEEP)
    assert(again.held, 'a lease that is alive is held')
  },

  'a lease ends by itself, and is not held any more': async ({ here, there, incarnation }) => {
    const [one, other] = [incarnation(), incarnation()]
    await here.renew(one, SHORT)
    await until(async () => {
      const { leases, now } = await there.renew(other, KEEP)
      return (new Map(leases).get(one) ?? 0) <= now
    }, 'the lease of a machine that says nothing ends')
    const { held } = await here.renew(one, KEEP)
    assert(!held, 'a lease that had ended was not held')
  },

  'renew() gives the own record as it is stored': async ({ here, incarnation, batch }) => {
    const one = incarnation()
    const { record } = await here.renew(one, KEEP)
    assert(record === undefined, 'there is no record before anything was published')
    await here.publish(batch(one, 1), KEEP)
    const after = await here.renew(one, KEEP)
    assert(after.record === 'record 1', 'the record is that of the last batch')
  },

  'release() forgets a machine at once, and tells the others': async (trial) => {
    const { here, there, incarnation, batch, look } = trial
    const [one, other] = [incarnation(), incarnation()]
    await here.renew(one, KEEP)
    await here.publish(batch(one, 1, { set: ['kanna', '[1,2]'] }), KEEP)
    const { after } = await look(there)
    await here.release(one)
    const { leases } = await there.renew(other, KEEP)
    assert(!new Map(leases).has(one), 'who was released has no lease')
    assert((await there.read(one)).size === 0, 'who was released has published nothing')
    const [told] = (await look(there, after)).batches as { incarnation?: string; left?: boolean }[]
    assert(
      told?.incarnation === one && told.left === true,
      'the others are told { incarnation, left: true }',
    )
  },
}
