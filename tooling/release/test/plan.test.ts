import type { ReleasePlan, VersionType } from '@changesets/types'
import { expect, it } from 'vitest'
import { beforeOne, withReason } from '../src/versions.js'

const release = (name: string, type: VersionType, oldVersion: string, newVersion: string) => ({
  ...{ name, type, oldVersion, newVersion },
  changesets: [],
})

const planOf = (asked: VersionType, releases: ReleasePlan['releases']): ReleasePlan => ({
  changesets: [{ id: 'a', summary: 'a', releases: [{ name: 'core', type: asked }] }],
  releases,
  preState: undefined,
})

const MAJOR = [
  release('core', 'major', '0.2.1', '1.0.0'),
  release('above', 'major', '1.3.0', '2.0.0'),
  release('beside', 'patch', '0.1.0', '0.1.1'),
]

it('nobody becomes 1.0.0 because the minor of another leaves a range', () => {
  const { releases } = beforeOne(planOf('minor', MAJOR))
  expect(releases).toEqual([
    release('core', 'minor', '0.2.1', '0.3.0'),
    release('above', 'major', '1.3.0', '2.0.0'),
    release('beside', 'patch', '0.1.0', '0.1.1'),
  ])
})

it('who asks for a major gets it, and the others go along', () => {
  expect(beforeOne(planOf('major', MAJOR)).releases).toEqual(MAJOR)
})

it('a number without a change says why it is there', () => {
  const [top, old] = ['# Changelog\n\n', '## 0.2.0\n\nFirst release.\n']
  expect(withReason(`${top}## 0.3.0\n\n${old}`, '0.3.0')).toBe(
    `${top}## 0.3.0\n\nNothing has changed here. Packages that belong together have one number.\n\n${old}`,
  )
  const told = `${top}## 0.3.0\n\n- New.\n\n${old}`
  expect(withReason(told, '0.3.0')).toBe(told)
})
