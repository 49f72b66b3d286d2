import { setTimeout as sleep } from 'node:timers/promises'

/** What npm says where a registry did not answer, was overloaded, or broke off in the middle. */
const NO_ANSWER =
  /\bcode (E429|E5\d\d|ECONN(REFUSED|RESET|ABORTED)|E(IDLE|SOCKET)?TIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|EAI_AGAIN|ENOTFOUND|ENETUNREACH|EINTEGRITY|FETCH_ERROR)\b/

/** In ms, and longer each time. */
const PAUSES = [5_000, 20_000, 60_000]

/**
 * Runs npm once more where it failed because a registry did not answer: that says nothing of our packages.
 *
 * @template {{ ok: boolean, output: string }} R
 * @param {() => Promise<R>} attempt
 * @param {{ pauses?: readonly number[], print?: (line: string) => void }} [options]
 * @returns {Promise<R>} what the last attempt gave
 */
export const tryAgain = async (attempt, { pauses = PAUSES, print = console.log } = {}) => {
  for (const ms of pauses) {
    const result = await attempt()
    const [code] = result.ok ? [] : (NO_ANSWER.exec(result.output) ?? [])
    if (code === undefined) return result
    print(`  again     the registry did not answer (${code}): once more in ${ms / 1_000} s`)
    await sleep(ms)
  }
  return attempt()
}
