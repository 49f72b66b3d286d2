import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPort, until } from '@conn-hub/testkit'
import { onTestFinished } from 'vitest'

/** Debian's. Another one by the variable PROMETHEUS. */
const PROGRAM = process.env.PROMETHEUS ?? '/usr/bin/prometheus'

export const isPrometheusHere = (): boolean => {
  try {
    accessSync(PROGRAM, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** A real Prometheus that scrapes one port each second, until the test ends. */
export const startPrometheus = async (scrapedPort: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'conn-hub-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `scrape_configs:
  - job_name: hub
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs: [{ targets: ['127.0.0.1:${scrapedPort}'] }]
`,
  )
  const port = await findPort()
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true })
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    return answer?.ok === true
  }
  await until(isReady, 'Prometheus is ready')
  return {
    /** The samples that a query gives now. Rejects where it is none. */
    query: async (expression: string): Promise<Sample[]> => {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)
      const { status, error, data } = (await answer.json()) as Answer
      if (status !== 'success') throw new Error(`${expression}: ${error}`)
      return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
    },
  }
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>
      readonly value: [number, string]
    }[]
  }
}
