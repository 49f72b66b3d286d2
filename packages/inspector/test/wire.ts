import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Another way to the same server, which can be cut, or hold all back as if the app hung. */
export const startWire = async (url: string) => {
  const { hostname, port, pathname } = new URL(url)
  const sockets = new Set<Socket>()
  let isHeld = false
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname)
    sockets.add(near).add(far)
    near.on('error', () => {})
    far.on('error', () => {})
    near.on('data', (data) => isHeld || far.write(data))
    far.on('data', (data) => isHeld || near.write(data))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    proxy.close()
  })
  await once(proxy, 'listening')
  return {
    url: `http://localhost:${(proxy.address() as AddressInfo).port}${pathname}`,
    cut,
    hold: () => {
      isHeld = true
    },
  }
}
