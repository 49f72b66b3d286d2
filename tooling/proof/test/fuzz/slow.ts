import { describeAddress } from '@conn-hub/secret-stack'

type Shape = (length: number) => string

const repeat = (head: string, piece: string, tail = ''): Shape => {
  return (length) => {
    const room = length - head.length - tail.length
    return head + piece.repeat(Math.ceil(room / piece.length)).slice(0, room) + tail
  }
}

/** Made to send a parser back and forth: nested separators, long runs of one thing, and a wrong end. */
const PATTERNS: Readonly<Record<string, readonly [head: string, piece: string]>> = {
  'separators of data': ['net', ':'],
  'separators of transforms': ['net:h:1', '~a-'],
  'separators of addresses': ['net:h:1', ';net:h:1'],
  'all separators': ['net:h:1', ':~;'],
  'ports in a row': ['net:h', ':1'],
  'ports and paths': ['ws://h', ':1/'],
  'a long port': ['net:h:', '1'],
  'a port of zeros': ['net:h:', '0'],
  'a long host': ['net:', 'a'],
  'a long name': ['', 'a'],
  'dashes in a name': ['a', '-'],
  'dots in a host': ['net:', '1.'],
  'zeros in an IPv4': ['net:', '0.'],
  'hexadecimal IPv4': ['net:', '0x'],
  'colons in an IPv6': ['net:', '1:'],
  'double colons': ['net:', '::'],
  brackets: ['net:', '['],
  'a long zone': ['net:fe80::1%', 'e'],
  'percent escapes': ['net:', '%25'],
  'percent signs': ['net:', '%'],
  slashes: ['ws://', '/'],
  'tunnels in tunnels': ['', 'tunnel:'],
  'keys in a row': ['net:h:1~shs', ':KEY='],
  'many shs': ['net:h:1', '~shs:K'],
}

const ESCAPED: typeof PATTERNS = {
  escapes: ['net:', '!!'],
  'escaped separators': ['net:', '!~!;!:'],
  'escapes in a key': ['net:h:1~shs:', 'a!!'],
  'escapes in a path': ['unix:', '/!!a'],
  'transforms behind an escape': ['net:!!', '~aa'],
  'data behind an escape': ['net:!!', ':a'],
  'a host behind an escape': ['net:!!', 'a'],
  'open escapes': ['net:h:1', '!'],
}

const shapesOf = (patterns: typeof PATTERNS): [name: string, shape: Shape][] =>
  Object.entries(patterns).flatMap(([name, [head, piece]]) => [
    [name, repeat(head, piece, ':1')],
    [`${name}, and a wrong end`, repeat(head, piece, '~')],
  ])

export const PLAIN_SHAPES = shapesOf(PATTERNS)
/** Read by ssb-ref, up to 512 characters. */
export const ESCAPED_SHAPES = shapesOf(ESCAPED)

/** What this process has computed so far, in ms: time in which others had the machine does not count. */
const now = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** In ms: what is so slow that it takes longer has been measured well enough. */
const PATIENCE = 250

/** What reading an address costs, in ms: the least of many tries. */
export const costOf = (address: string, batches = 40, size = 10): number => {
  const end = now() + PATIENCE
  let least = Number.POSITIVE_INFINITY
  for (let batch = 0; batch < batches; batch++) {
    const begun = now()
    for (let i = 1; i <= size; i++) {
      read(address)
      if (now() > end) return Math.min(least, (now() - begun) / i)
    }
    least = Math.min(least, (now() - begun) / size)
  }
  return least
}

const read = (address: string): void => {
  try {
    describeAddress(address)
  } catch {
    // Refused is as good as read.
  }
}
