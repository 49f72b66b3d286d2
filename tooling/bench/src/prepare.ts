import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findNode } from '@conn-hub/nodes/src/find.js'

export const peersFolder = fileURLToPath(new URL('../peers/', import.meta.url))

/** libp2p and others need it. */
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

/** npm notes what it has installed in a lockfile of its own. */
const isInstalled = async (): Promise<boolean> => {
  const wanted = await packagesIn(join(peersFolder, 'package-lock.json'))
  const installed = await packagesIn(join(peersFolder, 'node_modules', '.package-lock.json')).catch(
    () => new Map<string, Package>(),
  )
  // What is optional may be for other platforms.
  return [...wanted].every(
    ([place, { version, optional }]) => optional || installed.get(place)?.version === version,
  )
}

interface Package {
  readonly version?: string
  readonly optional?: boolean
}

const packagesIn = async (lockfile: string): Promise<Map<string, Package>> => {
  const { packages } = JSON.parse(await readFile(lockfile, 'utf8'))
  // The first, without a name, is the folder itself.
  return new Map(Object.entries<Package>(packages).filter(([place]) => place))
}
