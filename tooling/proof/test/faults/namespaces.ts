import { execFileSync } from 'node:child_process'

const PREFIX = 'conn-hub'
const CABLE = 'cable'

interface Side {
  readonly name: string
  readonly host: string
  readonly mac: string
  /** What starts a program in this network. */
  readonly through: readonly string[]
}

/** Two networks of this machine that nobody else sees, joined by one cable. */
export class TwoNetworks {
  readonly left = toSide('left', 1)
  readonly right = toSide('right', 2)

  /** Gives why it cannot be, in words, where this machine does not allow it. */
  static lay(): TwoNetworks | string {
    const networks = new TwoNetworks()
    try {
      removeAbandoned()
      networks.#lay()
      return networks
    } catch (error) {
      networks.end()
      return whyNot(error)
    }
  }

  /** The left side sees that its cable is out; the right side sees nothing but silence. */
  cut(): void {
    ip('-n', this.left.name, 'link', 'set', CABLE, 'down')
  }

  join(): void {
    ip('-n', this.left.name, 'link', 'set', CABLE, 'up')
  }

  end(): void {
    for (const { name } of [this.left, this.right]) remove(name)
  }

  #lay(): void {
    const { left, right } = this
    for (const { name, through } of [left, right]) {
      ip('netns', 'add', name)
      // Not allowed everywhere, even where the line before is.
      run([...through, 'true'])
    }
    const peer = ['peer', 'name', CABLE, 'address', right.mac, 'netns', right.name]
    ip('-n', left.name, 'link', 'add', CABLE, 'address', left.mac, 'type', 'veth', ...peer)
    for (const { name, host } of [left, right]) {
      ip('-n', name, 'addr', 'add', `${host}/24`, 'dev', CABLE)
      for (const device of ['lo', CABLE]) ip('-n', name, 'link', 'set', device, 'up')
    }
    // Knowing this, the right side never asks who is there, and no answer is no error.
    ip('-n', right.name, 'neigh', 'replace', left.host, 'lladdr', left.mac, 'dev', CABLE)
  }
}

const toSide = (side: string, number: number): Side => {
  const name = `${PREFIX}-${process.pid}-${side}`
  return {
    name,
    host: `10.77.0.${number}`,
    mac: `02:00:00:00:00:0${number}`,
    through: ['ip', 'netns', 'exec', name],
  }
}

const ip = (...args: readonly string[]): string => run(['ip', ...args])

const run = ([program = '', ...args]: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const remove = (name: string): void => {
  try {
    ip('netns', 'del', name)
  } catch {
    // It was never made, or has gone.
  }
}

/** Those of tests that were killed: nobody else could. */
const removeAbandoned = (): void => {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, name, pid] = new RegExp(`^(${PREFIX}-(\\d+)-\\w+)`).exec(line) ?? []
    if (name && !isAlive(Number(pid))) remove(name)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const whyNot = (error: unknown): string => {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string }
  if (code === 'ENOENT') return 'there is no program "ip" here (iproute2)'
  return `this machine does not allow "ip netns": ${(stderr || message).trim()}`
}
