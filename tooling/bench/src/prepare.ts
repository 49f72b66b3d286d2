import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findNode } from '@conn-hub/nodes/src/find.js'

export const peersFolder = fileURLToPath(new URL('../peers/', import.meta.url))

/** Peers need it. */
const NODE = '24'

/** Brings the Node that all samples run on, and gives its path and version. */
export const bringNode = async (): Promise<{ path: string; version: string }> => {
  const found = await findNode(NODE)
  if ('missing' in found) throw new Error(`Node ${NODE} cannot be had: ${found.missing}`)
  return found
}

/** Installs what we compare with, unless it is there as the lockfile says. */
export const bringPeers = async (print: (line: string) => void): Promise<void> => {
  if (await isInstalled()) return
  print('Installing the peers (once) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await promisify(execFile)(npm, ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: peersFolder,
    shell: process.platform === 'win32',
  })
}

/** npm writes a lockfile of its own when it has installed all of ours. */
const isInstalled = async (): Promise<boolean> => {
  const writtenAt = async (file: string) => (await stat(join(peersFolder, file))).mtimeMs
  const wanted = await writtenAt('package-lock.json')
  return wanted <= (await writtenAt('node_modules/.package-lock.json').catch(() => 0))
}
