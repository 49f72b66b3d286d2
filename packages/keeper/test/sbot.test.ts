import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createHub } from '@conn-hub/core'
import { findPort, type SbotRpc, until, withSbots } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import { toTransport } from '../../secret-stack/src/index.js'
import { createKeeper } from '../src/index.js'
import { watchLiveness } from '../src/liveness/index.js'

const PROGRAM = new URL('../../secret-stack/test/sbot-process.cjs', import.meta.url).pathname

it('an sbot keeps a pub: one that stands still is closed, and connected again when it goes on', async () => {
  const shs = randomBytes(32).toString('base64')
  const pub = fork(PROGRAM, ['8.1', shs, String(await findPort())], { execArgv: [] })
  try {
    const [address] = (await once(pub, 'message')) as [string]
    await withSbots([{ version: '8.1', caps: { shs } }], async ({ ssb }) => {
      const hub = createHub({ transport: toTransport<SbotRpc>(ssb as never) })
      const ends: string[] = []
      hub.on('disconnected', ({ initiator, reason }) => ends.push(`${initiator}, ${reason}`))
      const keeper = createKeeper(hub, { backoff: { base: 100, max: 500 } })
      const [liveness, kept] = [
        watchLiveness(hub, { silence: 200, timeout: 5_000, onSilent: 'disconnect' }),
        keeper.keep(address),
      ]
      await until(() => kept.state === 'connected', 'it is connected')
      expect(await liveness.probe({ address })).toBe('alive')
      pub.kill('SIGSTOP')
      await until(() => ends.length > 0, 'it is closed')
      expect(ends).toEqual(['local, unresponsive'])
      pub.kill('SIGCONT')
      await until(() => kept.state === 'connected', 'it is connected')
      expect([...liveness.entries()].map(({ state }) => state)).toEqual(['alive'])
      await hub.close()
    })
  } finally {
    pub.kill('SIGKILL')
    await once(pub, 'exit')
  }
})
