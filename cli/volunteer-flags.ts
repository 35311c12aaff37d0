import { parseArgs } from 'node:util'

export interface VolunteerFlags {
  /** Without a slash at its end. */
  readonly serverUrl: string
  readonly threads: number
  /** Absent: until it is interrupted. */
  readonly seconds: number | undefined
  readonly keyFile: string | undefined
}

export type ParsedFlags =
  | { readonly kind: 'flags'; readonly flags: VolunteerFlags }
  | { readonly kind: 'help' }
  /** `sentence` says which flag, what it takes, and what came. */
  | { readonly kind: 'wrong'; readonly sentence: string }

export const volunteerHelp = `Computes for a Tidemill server until the time is over, then prints what it did as one line of JSON.

  --server URL   the server, for example http://127.0.0.1:8787 (this is the default)
  --threads N    kernels that run at once, 1 to 256 (default: the cores of this machine)
  --seconds S    how long, 1 to 2000000 (default: until Ctrl-C)
  --key FILE     the file that keeps this device's key, and so its account (default: a new account each time)
`

/** About 23 days: a timer holds no more. */
const mostSeconds = 2_000_000

const options = {
  server: { type: 'string', default: 'http://127.0.0.1:8787' },
  threads: { type: 'string' },
  seconds: { type: 'string' },
  key: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

class WrongFlag extends Error {}

function parseWhole(flag: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= 1 && value <= most) return value
  throw new WrongFlag(`--${flag} takes a whole number from 1 to ${most}, not "${text}".`)
}

function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:'))
    return (url.origin + url.pathname).replace(/\/+$/, '')
  throw new WrongFlag(`--server takes the address of a server, for example http://127.0.0.1:8787, not "${text}".`)
}

/** @param cores how many threads are the default */
export function parseVolunteerFlags(args: readonly string[], cores: number): ParsedFlags {
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    if (values.help) return { kind: 'help' }
    if (values.key === '') throw new WrongFlag('--key takes the name of a file, not "".')
    const flags = {
      serverUrl: parseServer(values.server),
      threads: values.threads === undefined ? cores : parseWhole('threads', values.threads, 256),
      seconds: values.seconds === undefined ? undefined : parseWhole('seconds', values.seconds, mostSeconds),
      keyFile: values.key,
    }
    return { kind: 'flags', flags }
  } catch (error) {
    if (error instanceof WrongFlag) return { kind: 'wrong', sentence: error.message }
    // parseArgs explains itself, in more lines than one.
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!isUsage) throw error
    return { kind: 'wrong', sentence: `${error.message.split('. ')[0]?.replace(/\.$/, '')}. --help tells the flags.` }
  }
}
