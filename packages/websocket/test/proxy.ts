import { once } from 'node:events'
import net from 'node:net'
import { onTestFinished } from 'vitest'

/** A network between two ends, that is slow or goes silent as the test says. */
export const startProxy = async (target: number, host = '127.0.0.1') => {
  const proxy = {
    /** How long what goes through takes, in ms. */
    delay: 0,
    /** What goes nowhere any more: from those who dial, or to them. */
    silent: new Set<'up' | 'down'>(),
    port: 0,
  }
  const sockets = new Set<net.Socket>()
  const pipe = (from: net.Socket, to: net.Socket, direction: 'up' | 'down') => {
    const later = (act: () => void) => {
      if (proxy.delay === 0) act()
      else setTimeout(act, proxy.delay)
    }
    from.on('data', (chunk) =>
      later(() => {
        if (!proxy.silent.has(direction) && to.writable) to.write(chunk)
      }),
    )
    from.on('end', () => later(() => proxy.silent.has(direction) || to.end()))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      later(() => proxy.silent.has(direction) || to.destroy())
    })
    sockets.add(from)
  }
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const other = net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    pipe(socket, other, 'up')
    pipe(other, socket, 'down')
  })
  server.listen(0, host)
  await once(server, 'listening')
  proxy.port = (server.address() as net.AddressInfo).port
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return Object.assign(proxy, { sockets, url: `ws://${host}:${proxy.port}/` })
}
