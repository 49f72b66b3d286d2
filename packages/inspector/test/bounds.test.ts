import { connect, type Socket } from 'node:net'
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

/** Sockets on which nothing is asked, and which of them have been ended. */
const openIdle = (url: string, count: number) => {
  const { hostname, port } = new URL(url)
  const closed: Socket[] = []
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    return socket.on('close', () => void closed.push(socket))
  })
  return { sockets, closed }
}

it('256 sockets may be open at once: where one more comes, the first one goes that has not shown the token', async () => {
  const { inspector, stream } = await setup()
  const first = openIdle(inspector.url, 1)
  await until(() => first.sockets[0]?.readyState === 'open', 'it is there before all others')
  const reader = await stream()
  await reader.saw('hello')
  const { closed } = openIdle(inspector.url, 253)
  const isTaken = async () => (await takenOf(inspector.url)) === 1
  // The last one is who asks.
  await until(isTaken, 'it answers')
  expect([first.closed.length, closed.length]).toEqual([0, 0])
  const more = openIdle(inspector.url, 300)
  await until(() => closed.length === 253, 'those who came before have gone')
  expect(first.closed.length).toBe(1)
  await until(isTaken, 'it answers, and the stream stands')
  await until(() => more.closed.length >= 45, 'there are 256, with the stream')
})

it('all sockets of who has the token take the places of nobody else', async () => {
  const { inspector } = await setup()
  const { sockets, closed } = openIdle(inspector.url, 256)
  for (const socket of sockets) {
    socket.write(`GET /${TOKEN}/summary HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    socket.resume()
  }
  await until(() => sockets.every(({ bytesRead }) => bytesRead > 0), 'all are answered')
  const late = openIdle(inspector.url, 1)
  await until(() => late.closed.length === 1, 'one more is ended')
  expect(closed).toEqual([])
})

it('24 names of others are told apart, the first ones', () => {
  const nameOf = createNames()
  const names = Array.from({ length: 30 }, (_, i) => `NAME_${i}`)
  expect(new Set(names.map(nameOf)).size).toBe(25)
  expect(names.map(nameOf)).toEqual([...names.slice(0, 24), ...Array(6).fill('other')])
})
