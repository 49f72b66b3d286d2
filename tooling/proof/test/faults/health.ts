import assert from 'node:assert/strict'
import { until } from '@conn-hub/testkit'
import type { Peer } from './peer-handle.js'
import type { PeerProcess } from './peer-process.js'
import { countBy, type Report } from './report.js'

/** In ms: what is under way must have ended by then, and so must a process that has closed; less than any timer of a hub. */
const PATIENCE = 20_000

/**
 * The peers of these processes hold the contract now, each and among each other, and after they were told to
 * close; and the processes end by themselves.
 */
export const expectHealthy = async (
  processes: readonly PeerProcess[],
  peers: readonly Peer[],
): Promise<void> => {
  const running = processes.filter((process) => process.running)
  await Promise.all(processes.filter((process) => !process.running).map(expectEndedOnPurpose))
  let symptoms = ['no report has come']
  const look = async () => {
    const alive = peers.filter(({ process }) => process.running)
    const reports = await Promise.all(alive.map((peer) => peer.report()))
    symptoms = [...reports.flatMap(symptomsOf), ...disagreements(reports)]
    return symptoms.length === 0
  }
  await until(look, 'all peers are well', PATIENCE).catch(() => {})
  assert.deepEqual(symptoms, [])
  await Promise.all(running.map(expectGoodEnd))
}

/** Killed by the test, or left as it was told to. */
const expectEndedOnPurpose = async (process: PeerProcess): Promise<void> => {
  const { status, signal } = await process.exited
  assert.ok(signal === 'SIGKILL' || status === 0, `it ended with ${status}: ${process.said}`)
}

const expectGoodEnd = async (process: PeerProcess): Promise<void> => {
  const reports = await process.leave()
  assert.deepEqual(reports.flatMap(symptomsOf), [])
  for (const { entries, rpcs } of reports)
    assert.deepEqual({ entries, rpcs }, { entries: [], rpcs: {} })
  await until(() => !process.running, 'the process has ended by itself', PATIENCE)
  assert.deepEqual(await process.exited, { status: 0, signal: null })
}

/** What is wrong with one peer. Nothing, once what was under way has ended. */
export const symptomsOf = (report: Report): string[] => {
  const { entries, rpcs } = report
  const sessions = countBy(
    entries.flatMap(({ key, sessions }) => Array<string>(sessions).fill(String(key))),
    (key) => key,
  )
  return [
    ...report.broken,
    ...entries
      .filter(({ state }) => state !== 'connected')
      .map(({ state, address }) => `${address} is still ${state}`),
    ...report.ghosts.map((address) => `a ghost: ${address} is closed, and has an entry`),
    ...report.orphans.map((address) => `an orphan: ${address} is open, and has no entry`),
    ...differences('sessions, and rpcs of the sbot', sessions, rpcs),
    ...(report.pending > 0 ? [`${report.pending} calls are pending`] : []),
    ...report.errors.map((error) => `told to onError: ${error}`),
  ].map((symptom) => `${report.id}: ${symptom}`)
}

/** Where two peers do not have the same number of links to each other, or a link to nobody is left. */
export const disagreements = (reports: readonly Report[]): string[] => {
  const byId = new Map(reports.map((report) => [report.id, report]))
  return reports.flatMap(({ id, rpcs }) =>
    Object.entries(rpcs).flatMap(([other, count]) => {
      const theirs = byId.get(other)?.rpcs[id] ?? 0
      return count === theirs ? [] : [`${id} has ${count} links to ${other}, which has ${theirs}`]
    }),
  )
}

const differences = <V>(
  what: string,
  left: Readonly<Record<string, V>>,
  right: Readonly<Record<string, V>>,
): string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => left[name] !== right[name])
    .map((name) => `${what}: ${name} is ${left[name] ?? 'none'}, and ${right[name] ?? 'none'}`)
