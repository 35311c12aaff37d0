import { type Parsed, parseFlags, parsePath, parseServer, WrongFlag } from './flags.ts'

export interface VolunteerFlags {
  /** Without a slash at its end. */
  readonly serverUrl: string
  readonly threads: number
  /** Absent: until it is interrupted. */
  readonly seconds: number | undefined
  readonly keyFile: string | undefined
}

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

function parseWhole(flag: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= 1 && value <= most) return value
  throw new WrongFlag(`--${flag} takes a whole number from 1 to ${most}, not "${text}".`)
}

/** @param cores how many threads are the default */
export function parseVolunteerFlags(args: readonly string[], cores: number): Parsed<VolunteerFlags> {
  return parseFlags({ args: [...args], options, strict: true, allowPositionals: false }, ({ values }) => ({
    serverUrl: parseServer(values.server),
    threads: values.threads === undefined ? cores : parseWhole('threads', values.threads, 256),
    seconds: values.seconds === undefined ? undefined : parseWhole('seconds', values.seconds, mostSeconds),
    keyFile: values.key === undefined ? undefined : parsePath('key', 'file', values.key),
  }))
}
