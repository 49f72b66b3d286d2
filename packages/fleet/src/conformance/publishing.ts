import { assert, type Check, KEEP, until } from './trial.js'

export const publishing: Record<string, Check> = {
  'publish() writes and removes fields, and gives the record before': async (trial) => {
    const { here, there, incarnation, batch } = trial
    const one = incarnation()
    const none = await here.publish(batch(one, 1, { set: ['ka', '1', 'kb', '2'] }), KEEP)
    assert(none === undefined, 'before the first batch there is no record')
    const before = await here.publish(batch(one, 2, { set: ['kc', '3'], remove: ['ka'] }), KEEP)
    assert(before === 'record 1', 'publish() gives the record that was there')
    const fields = await there.read(one)
    assert(fields.get('m') === 'record 2', 'the record is in the field m')
    const rest = [...fields].filter(([field]) => field !== 'm').sort()
    assert(
      JSON.stringify(rest) === '[["kb","2"],["kc","3"]]',
      'read() gives the fields as they are',
    )
  },

  'a first batch forgets what was there': async ({ here, there, incarnation, batch }) => {
    const one = incarnation()
    await here.publish(batch(one, 1, { set: ['ka', '1'] }), KEEP)
    await here.publish(batch(one, 2, { first: true, set: ['kb', '2'] }), KEEP)
    const fields = await there.read(one)
    assert(!fields.has('ka') && fields.get('kb') === '2', 'only what came since is there')
  },

  'texts come back as they were': async ({ here, there, incarnation, batch }) => {
    const one = incarnation()
    const odd = '😀 "\\\r\n\u0000 {}'
    const long = 'x'.repeat(100_000)
    await here.publish(batch(one, 1, { set: [`k${odd}`, odd, 'k__proto__', long] }), KEEP)
    const fields = await there.read(one)
    assert(fields.get(`k${odd}`) === odd, 'any text may be a field or a value')
    assert(fields.get('k__proto__') === long, 'a long text may be a value')
  },

  'what nobody keeps is gone': async ({ here, there, incarnation, batch }) => {
    const one = incarnation()
    await here.publish(batch(one, 1), 200)
    const isGone = async () => (await there.read(one)).size === 0
    await until(isGone, 'what was published is gone when its time is over')
  },

  'find() asks those whose lease is alive': async ({ here, there, incarnation, batch }) => {
    const [alive, over, never] = [incarnation(), incarnation(), incarnation()]
    await here.renew(alive, KEEP)
    await here.renew(over, 200)
    for (const one of [alive, over, never])
      await here.publish(batch(one, 1, { set: ['kanna', one] }), KEEP)
    await until(async () => {
      const found = await there.find('kanna')
      return !found.some(({ value }) => value === over)
    }, 'who has no lease any more is not found')
    const found = await there.find('kanna')
    assert(found.length === 1 && found[0]?.value === alive, 'who has a lease is found')
    const { until: end = 0, now = 0, incarnation: who } = found[0] ?? {}
    assert(who === alive && end > now, 'with its name, and the end of its lease')
    assert((await there.find('kben')).length === 0, 'a field that nobody has is not found')
  },
}
