import type { StdioOptions } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { findPort, generateKeys, until } from '@conn-hub/testkit'
import { type Program, startProgram } from '../program.js'

/** In ms: a tunnel that nobody pings is closed within this time, and pings come often enough. */
export const INACTIVITY = 2_000
const PING = 400

type Keys = ReturnType<typeof generateKeys>

export interface Client extends Program {
  readonly keys: Keys
  readonly id: string
}

const dataOf = (id: string): string => id.slice('@'.length, -'.ed25519'.length)

/** A room and its guests. All of it ends with `end()`. */
export class Meeting {
  readonly #shs = randomBytes(32).toString('base64')
  readonly #roomKeys = generateKeys()
  readonly #guests: readonly Keys[]
  readonly #programs = new Set<Program>()
  #port = 0

  constructor(guests: number) {
    this.#guests = Array.from({ length: guests }, () => generateKeys())
  }

  get roomAddress(): string {
    return `net:127.0.0.1:${this.#port}~shs:${dataOf(this.#roomKeys.id)}`
  }

  tunnelTo({ id }: { readonly id: string }): string {
    return `tunnel:${this.#roomKeys.id}:${id}~shs:${dataOf(id)}`
  }

  /** Starts the room, at the same port each time. */
  async openRoom(): Promise<Program> {
    this.#port ||= await findPort()
    return this.#start('room.cjs', { port: this.#port, keys: this.#roomKeys })
  }

  /** Starts a guest; again with the same keys. */
  async comeIn(index: number, autostart = false): Promise<Client> {
    const keys = this.#guests[index] as Keys
    const friends = this.#guests.map(({ id }) => id).filter((id) => id !== keys.id)
    const settings = { port: await findPort(), keys, friends, autostart }
    const program = await this.#start('client.cjs', settings)
    return { ...program, keys, id: keys.id }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.end()))
  }

  async #start(name: string, settings: object): Promise<Program> {
    const common = { shs: this.#shs, inactivity: INACTIVITY, ping: PING }
    const toArguments = (path: string) => [JSON.stringify({ path, ...common, ...settings })]
    // What real parts print of links that break is not of this test.
    const silent: StdioOptions = ['ignore', 'ignore', 'ignore', 'ipc']
    const program = await startProgram(`rooms/${name}`, toArguments, silent)
    this.#programs.add(program)
    return program
  }
}

/** Runs a test with a room and guests, and ends them all. */
export const withMeeting = async (
  guests: number,
  test: (meeting: Meeting) => Promise<void>,
): Promise<void> => {
  const meeting = new Meeting(guests)
  try {
    await test(meeting)
  } finally {
    await meeting.end()
  }
}

/** How many tunnels a client has to each other one. */
export const untilTunnels = (client: Client, expected: Readonly<Record<string, number>>) =>
  until(
    async () => {
      const open = (await client.call('tunnels')) as Record<string, number>
      return JSON.stringify(sorted(open)) === JSON.stringify(sorted(expected))
    },
    `the tunnels are ${JSON.stringify(expected)}`,
  )

const sorted = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort()
