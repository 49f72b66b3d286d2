import { connect } from 'node:net'
import { until } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { createNames } from '../src/kept/tally.js'
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

it('256 sockets may be open at once, and one more when one of them has gone', async () => {
  const { inspector } = await setup()
  const { hostname, port } = new URL(inspector.url)
  const closed = new Set<unknown>()
  const open = () => {
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => closed.add(socket))
    return socket
  }
  const sockets = Array.from({ length: 257 }, open)
  await until(() => closed.size === 1, 'one of them was ended')
  const [first] = sockets.filter((socket) => !closed.has(socket))
  first?.destroy()
  const isAnswered = () =>
    ask(inspector.url).then(
      ({ status }) => status === 200,
      () => false,
    )
  await until(isAnswered, 'there is room for one')
})

it('24 names of others are told apart, the first ones', () => {
  const nameOf = createNames()
  const names = Array.from({ length: 30 }, (_, i) => `NAME_${i}`)
  expect(new Set(names.map(nameOf)).size).toBe(25)
  expect(names.map(nameOf)).toEqual([...names.slice(0, 24), ...Array(6).fill('other')])
})
