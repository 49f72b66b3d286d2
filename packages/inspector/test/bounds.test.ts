import { connect } from 'node:net'
import { until } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { ask, setup, TOKEN } from './support.js'

const takenOf = async (url: string): Promise<number> =>
  JSON.parse((await ask(`${url}summary`)).body).taken

it('40 streams that are asked for on one socket take no place: it is ended', async () => {
  const { inspector } = await setup()
  const { hostname, port } = new URL(inspector.url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  let isEnded = false
  socket.on('close', () => {
    isEnded = true
  })
  socket.on('error', () => {})
  socket.write(`GET /${TOKEN}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(40))
  await until(() => isEnded, 'the socket has ended')
  await until(async () => (await takenOf(inspector.url)) === 0, 'no place is taken')
})

it('32 commands may wait at once, and no more', async () => {
  const { inspector, transport } = await setup({ allowControl: true })
  const { origin } = new URL(inspector.url)
  const post = (address: string) =>
    ask(`${inspector.url}control`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'connect', address }),
    })
  const waiting = Array.from({ length: 32 }, (_, i) => post(`fault:${i}`))
  await until(() => transport.dials.length === 32, 'all have been dialed')
  const refused = await post('fault:more')
  expect([refused.status, JSON.parse(refused.body).code]).toEqual([503, 'TOO_MANY'])
  for (const one of transport.dials) one.succeed()
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(32).fill(200))
})
