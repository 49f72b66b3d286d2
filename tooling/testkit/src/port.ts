import { once } from 'node:events'
import net from 'node:net'

/** A port that nobody listens on, and none of those that a system gives to whoever connects: it could be taken before it is used. */
export const findPort = async (host = '127.0.0.1'): Promise<number> => {
  for (let attemptsLeft = 50; ; attemptsLeft--) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = net.createServer()
    try {
      server.listen(port, host)
      await once(server, 'listening')
      server.close()
      await once(server, 'close')
      return port
    } catch (error) {
      if (attemptsLeft === 0) throw error
    }
  }
}
