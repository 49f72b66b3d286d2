import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOf, findPort, until } from '@conn-hub/testkit'
import { describe, onTestFinished } from 'vitest'
import { ask } from './support.js'

const NGINX = '/usr/sbin/nginx'

/** Where there is no nginx, these tests are left out, and say so. */
export const behindNginx = (name: string, tests: () => void): void => {
  const isHere = existsSync(NGINX)
  if (!isHere) console.warn(`Left out, there is no ${NGINX}: ${name}`)
  describe.runIf(isHere)(name, tests)
}

export const USER = { name: 'anna', password: 'a password' }

/** Starts a real nginx in an empty folder with the recipe of the README, its places and the certificate aside. Gives where it answers. */
export const startNginx = async (inspector: string, change = (recipe: string) => recipe) => {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  // Its workers may be another user.
  chmodSync(folder, 0o755)
  const port = await findPort()
  const { host, pathname } = new URL(inspector)
  const [recipe = ''] = blocksOf(new URL('../README.md', import.meta.url), 'nginx')
  const server = change(recipe)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port}`)
    .replace('/etc/nginx/hub.passwords', join(folder, 'passwords'))
    .replaceAll('127.0.0.1:8009', host)
    .replaceAll('/TOKEN/', pathname)
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
  const child = spawn(NGINX, ['-p', folder, '-c', 'nginx.conf'])
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
        if (child.exitCode !== null) throw new Error(`nginx has ended: ${errors}`)
        return false
      },
    )
  await until(answers, 'nginx answers')
  return { origin, port }
}

export const AUTHORIZATION = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`
