import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Rule {
  readonly name: string
  readonly from: { readonly path?: string }
  readonly to: { readonly path?: string; readonly dependencyTypesNot?: readonly string[] }
}

/** One package of the repository. */
export interface Floor {
  readonly folder: string
  /** The folders of those that it needs, at run time or as a peer. */
  readonly needs: readonly string[]
  /** Those of them whose types alone it may use. */
  readonly typesOf: readonly string[]
  /** How many lie below: the longest way down. */
  readonly rank: number
  /** The rules that were made for it, in words. */
  readonly rules: readonly string[]
}

/** Before each name. */
export const SCOPE = '@conn-hub/'
/** Rules about all packages say nothing of one. */
const ABOUT_ALL = '^packages/'

const fileOf = (folder: string) => `packages/${folder}/src/index.ts`

const readNeeds = (root: string, folder: string): string[] => {
  const file = readFileSync(`${root}/packages/${folder}/package.json`, 'utf8')
  const { dependencies, peerDependencies } = JSON.parse(file) as Manifest
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  return names
    .filter((name) => name.startsWith(SCOPE))
    .map((name) => name.slice(SCOPE.length))
    .sort()
}

const readRules = (root: string): readonly Rule[] =>
  createRequire(import.meta.url)(`${root}/tooling/layers/rules.cjs`).forbidden

/** What stands on what, by the manifests of the packages and the rules of the layers. */
export const readHouse = (root: string): Floor[] => {
  const folders = readdirSync(`${root}/packages`).sort()
  const needs = new Map(folders.map((folder) => [folder, readNeeds(root, folder)]))
  const allRules = readRules(root)
  const rankOf = (folder: string): number =>
    Math.max(-1, ...(needs.get(folder) ?? []).map(rankOf)) + 1
  return folders.map((folder) => {
    const rules = allRules.filter(
      ({ from: { path } }) => path && path !== ABOUT_ALL && new RegExp(path).test(fileOf(folder)),
    )
    const below = needs.get(folder) ?? []
    return {
      folder,
      needs: below,
      typesOf: below.filter((need) => rules.some((rule) => isOfTypes(rule, need))),
      rank: rankOf(folder),
      rules: rules.map(({ name }) => name.replaceAll('-', ' ')),
    }
  })
}

const isOfTypes = ({ to }: Rule, need: string): boolean =>
  to.dependencyTypesNot?.includes('type-only') === true &&
  new RegExp(to.path ?? '').test(fileOf(need))
