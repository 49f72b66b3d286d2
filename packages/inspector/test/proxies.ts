import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOf, findPort, until } from '@conn-hub/testkit'
import { describe, onTestFinished } from 'vitest'
import { ask } from './support.js'

const PROGRAMS = { nginx: '/usr/sbin/nginx', caddy: '/usr/bin/caddy' }

export type ProxyName = keyof typeof PROGRAMS

/** `bcrypt`: of the password, at the least cost, which each request pays. */
export const USER = {
  name: 'anna',
  password: 'a password',
  bcrypt: '$2a$04$abcdefghijklmnopqrstuuQCzP7jzWZS/E3GL4oF3LWbHm3pfKHH.',
}
export const AUTHORIZATION = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`

/** Where there is no such program, these tests are left out, and say so. */
export const behind = (proxy: ProxyName, tests: () => void): void => {
  const isHere = existsSync(PROGRAMS[proxy])
  if (!isHere) console.warn(`Left out, there is no ${PROGRAMS[proxy]}: the recipe for ${proxy}`)
  describe.runIf(isHere)(`the recipe for ${proxy}`, tests)
}

/** What is put into the recipe of the README: where the inspector is, and where the proxy may be. */
interface Place {
  readonly folder: string
  readonly port: number
  readonly host: string
  readonly path: string
}

/** Writes what the program reads into its folder, and gives how it is started. */
const PREPARE: Record<ProxyName, (recipe: string, place: Place) => readonly string[]> = {
  nginx: (recipe, { folder, port, host, path }) => {
    const server = recipe
      .replace('listen 443 ssl', `listen 127.0.0.1:${port}`)
      .replace('/etc/nginx/hub.passwords', join(folder, 'passwords'))
      .replaceAll('127.0.0.1:8009', host)
      .replaceAll('/TOKEN/', path)
    const hash = createHash('sha1').update(USER.password).digest('base64')
    writeFileSync(join(folder, 'passwords'), `${USER.name}:{SHA}${hash}\n`)
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((place) => `${place}_temp_path ${folder}/${place};`)
      .join('\n')
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr;
      events {} http { access_log off; ${places} ${server} }`,
    )
    return ['-p', folder, '-c', 'nginx.conf']
  },
  caddy: (recipe, { folder, port, host, path }) => {
    const site = recipe
      .replace('ops.example.com {', `http://:${port} {\n  bind 127.0.0.1`)
      .replace(/anna \$2a\S+/, () => `${USER.name} ${USER.bcrypt}`)
      .replace('basic_auth', nameOfBasicAuth())
      .replaceAll('127.0.0.1:8009', host)
      .replaceAll('/TOKEN{uri}', `${path.slice(0, -1)}{uri}`)
    writeFileSync(join(folder, 'Caddyfile'), `{\n  admin off\n  auto_https off\n}\n${site}`)
    return ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
  },
}

/** As the README says, it has another name before 2.8. */
const nameOfBasicAuth = (): string => {
  const version = execFileSync(PROGRAMS.caddy, ['version'], { encoding: 'utf8' })
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? []
  return Number(major) === 2 && Number(minor) < 8 ? 'basicauth' : 'basic_auth'
}

/** Starts a real proxy in an empty folder with the recipe of the README, its places and the certificate aside. Gives where it answers. */
export const startProxy = async (
  proxy: ProxyName,
  inspector: string,
  change = (recipe: string) => recipe,
) => {
  const folder = mkdtempSync(join(tmpdir(), `${proxy}-`))
  // Its workers may be another user.
  chmodSync(folder, 0o755)
  const port = await findPort()
  const { host, pathname: path } = new URL(inspector)
  const [recipe = ''] = blocksOf(new URL('../README.md', import.meta.url), proxy)
  const args = PREPARE[proxy](change(recipe), { folder, port, host, path })
  // What it keeps, it keeps in its folder.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(PROGRAMS[proxy], args, { env })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  })
  const origin = `http://127.0.0.1:${port}`
  const answers = () =>
    ask(origin).then(
      () => true,
      () => {
        if (child.exitCode !== null) throw new Error(`${proxy} has ended: ${errors}`)
        return false
      },
    )
  await until(answers, `${proxy} answers`)
  return { origin, port }
}
