import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { record, replay, rotatingFile } from '../../src/record/index.js'

const folder = async () => {
  const path = await fs.mkdtemp(join(tmpdir(), 'conn-hub-record-'))
  onTestFinished(() => fs.rm(path, { recursive: true }))
  return path
}

it('keeps so many files, each of which can be replayed alone', async () => {
  const at = await folder()
  const path = join(at, 'hub.jsonl')
  const transport = createFaultTransport()
  const hub = createHub({ transport })
  onTestFinished(() => hub.close())
  const recorder = record(hub, rotatingFile(fs, path, { files: 3 }), { part: 20_000 })
  transport.inbound('fault:stays')
  for (let i = 0; i < 400; i++) {
    transport.inbound(`fault:${i}`).end()
    if (i % 20 === 0) await recorder.flush()
  }
  await recorder.stop()
  expect((await fs.readdir(at)).sort()).toEqual(['hub.jsonl', 'hub.jsonl.1', 'hub.jsonl.2'])
  let last = 0
  for (const name of ['hub.jsonl.2', 'hub.jsonl.1', 'hub.jsonl']) {
    const { mode } = await fs.stat(join(at, name))
    expect(mode & 0o777).toBe(0o600)
    const replayed = replay(await fs.readFile(join(at, name), 'utf8'))
    const seqs: number[] = []
    replayed.on('*', ({ seq }) => void seqs.push(seq))
    replayed.play()
    expect(replayed.skipped).toBe(0)
    expect(replayed.getState('fault:stays')).toBe('connected')
    // One file goes on where the other ends.
    if (last > 0) expect(seqs[0]).toBe(last + 1)
    last = seqs.at(-1) ?? 0
  }
  expect(last).toBe(801)
})

it('goes on after a file that was there before, and keeps that one', async () => {
  const path = join(await folder(), 'hub.jsonl')
  await fs.writeFile(path, 'of the last time\n')
  const sink = rotatingFile(fs, path, { files: 2 })
  await sink('begin\n', true)
  await sink('more\n', false)
  expect(await fs.readFile(`${path}.1`, 'utf8')).toBe('of the last time\n')
  expect(await fs.readFile(path, 'utf8')).toBe('begin\nmore\n')
  await rotatingFile(fs, path, { files: 1 })('alone\n', true)
  expect(await fs.readFile(path, 'utf8')).toBe('alone\n')
})

it('pushes out nothing while it cannot write', async () => {
  const path = join(await folder(), 'hub.jsonl')
  let isFull = false
  const full = {
    ...fs,
    writeFile: async (...args: Parameters<typeof fs.writeFile>) => {
      if (isFull) throw new Error('ENOSPC')
      return fs.writeFile(...args)
    },
  }
  const sink = rotatingFile(full, path, { files: 3 })
  await sink('one\n', true)
  isFull = true
  for (let n = 0; n < 5; n++) await expect(sink('lost\n', true)).rejects.toThrow('ENOSPC')
  isFull = false
  await sink('two\n', true)
  expect(await fs.readFile(path, 'utf8')).toBe('two\n')
  expect(await fs.readFile(`${path}.1`, 'utf8')).toBe('one\n')
})

it('refuses an option that it does not have, by name', () => {
  expect(() => rotatingFile(fs, 'hub.jsonl', { max: 4 } as never)).toThrowError(
    'There is no option "max". The options here are files.',
  )
})
