import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, it, vi } from 'vitest'
import { root } from '../shared.js'
import { leftOutOn, NEEDS } from '../windows.js'

const paths = Object.values(NEEDS).flat()
const NOT_THERE = /(kill|signal)\((signal|'SIG(STOP|INT|TERM)')\)|0o600|\/proc\//

/** They look for their program first, a server of Debian, and leave out what needs it. */
const GUARDED = /\/(redis-server|proxies)\.ts$/

const read = (path: string) => readFileSync(root + path, 'utf8')

/** Whether a file, or what it imports from its own folders, uses what Windows has not. */
const needsMore = (path: string, seen = new Set<string>()): boolean => {
  if (seen.has(path) || GUARDED.test(path) || !existsSync(root + path)) return false
  seen.add(path)
  const text = read(path)
  if (NOT_THERE.test(text)) return true
  const imported = [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, name]) => `${name}.ts`)
  return imported.some((name) => {
    const file = posix.join(posix.dirname(path), name)
    return file.includes('/test/') && needsMore(file, seen)
  })
}

const isListed = (path: string) =>
  paths.some((listed) => path === listed || path.startsWith(`${listed}/`))

it('every test that needs what Windows has not is left out there', () => {
  const tests = ['packages', 'tooling'].flatMap((place) =>
    readdirSync(root + place).flatMap((name) => testsIn(`${place}/${name}/test`)),
  )
  expect(tests.length).toBeGreaterThan(200)
  // This one names what it looks for.
  const others = tests.filter((path) => path !== 'tooling/test/test/windows.test.ts')
  expect(others.filter((path) => needsMore(path) && !isListed(path))).toEqual([])
  for (const listed of paths)
    expect(
      others.some((path) => path.startsWith(listed)),
      listed,
    ).toBe(true)
})

it('nothing else is left out, and elsewhere nothing at all', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  expect(leftOutOn('linux')).toEqual([])
  expect(leftOutOn('darwin')).toEqual([])
  expect(warn).not.toHaveBeenCalled()
  const leftOut = leftOutOn('win32')
  expect(leftOut).toHaveLength(paths.length)
  expect(leftOut).toContain('tooling/proof/test/faults/**')
  expect(warn).toHaveBeenCalledTimes(Object.keys(NEEDS).length)
})

it.each(['package.json', ...manifestsIn('packages'), ...manifestsIn('tooling')])(
  'the scripts of %s have no quotes that cmd.exe hands on',
  (path) => {
    const { scripts = {} } = JSON.parse(read(path)) as { scripts?: Record<string, string> }
    expect(Object.values(scripts).filter((script) => script.includes("'"))).toEqual([])
  },
)

function manifestsIn(folder: string): string[] {
  return readdirSync(root + folder)
    .map((name) => `${folder}/${name}/package.json`)
    .filter((path) => existsSync(root + path))
}

function testsIn(folder: string): string[] {
  if (!existsSync(root + folder)) return []
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
}
