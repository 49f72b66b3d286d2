import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { record } from '@conn-hub/inspector/record'
import type { Scene } from './scene.js'

const PROGRAM = fileURLToPath(
  new URL('../../../packages/inspector/bin/conn-hub-inspector.js', import.meta.url),
)

/** Records what happens, and shows the record by the program for it. */
export const serveRecord = async ({ hub, play }: Scene) => {
  let text = ''
  const recorder = record(
    hub,
    (more) => {
      text += more
    },
    { data: ({ name, rtt }) => ({ name, rtt }) },
  )
  play()
  await recorder.stop()
  const folder = mkdtempSync(join(tmpdir(), 'conn-hub-pictures-'))
  const file = join(folder, 'hub.jsonl')
  writeFileSync(file, asIfBefore(text))
  const program = spawn(process.execPath, [PROGRAM, file])
  const [printed] = await once(program.stdout.setEncoding('utf8'), 'data')
  const [, url = ''] = /Open (\S+)/.exec(printed) ?? []
  const close = async () => {
    program.kill()
    await once(program, 'close')
    rmSync(folder, { recursive: true })
  }
  return { url, close }
}

/** The story is one of the past, and the record has begun now: it begins with the story. */
const asIfBefore = (text: string): string => {
  const first = text.split('\n').find((line) => line.includes('"seq"')) ?? ''
  const [at = ''] = /"at":\d+/.exec(first) ?? []
  return text.replace(/("type":"(?:begin|ready)".*?)"at":\d+/g, `$1${at}`)
}
