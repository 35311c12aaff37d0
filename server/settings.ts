import { resolve } from 'node:path'
import { TidemillError } from '../protocol/errors.ts'

export interface Settings {
  readonly host: string
  readonly port: number
  /** Folder of everything that this server keeps: database, blobs, keys. */
  readonly dataFolder: string
  /** Undefined: a PostgreSQL of our own in the data folder. */
  readonly databaseUrl: string | undefined
  readonly houseDevice: boolean
}

/** A setting has a value that it cannot have. */
export class SettingError extends TidemillError {
  override readonly name = 'SettingError'
  constructor(variable: string, value: string, expected: string) {
    super(`${variable} is "${value}", but must be ${expected}.`)
  }
}

function parsePort(value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new SettingError('PORT', value, 'a number from 0 to 65535')
}

function parseSwitch(variable: string, value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on'
  throw new SettingError(variable, value, 'on or off')
}

function parseDatabaseUrl(value: string): string {
  if (/^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '')) return value
  // Not the value itself: it may hold a password.
  throw new SettingError(
    'DATABASE_URL',
    '...',
    'a PostgreSQL URL such as postgresql://user:password@host:5432/database',
  )
}

function parseHost(value: string): string {
  if (/^[\w.:-]+$/.test(value)) return value
  throw new SettingError('HOST', value, 'an address or a host name, such as 127.0.0.1 or 0.0.0.0')
}

/** Reads the environment. An empty variable counts as unset. @throws {SettingError} */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string) => environment[name] || undefined
  const databaseUrl = read('DATABASE_URL')
  return {
    host: parseHost(read('HOST') ?? '127.0.0.1'),
    port: parsePort(read('PORT') ?? '8787'),
    dataFolder: resolve(read('TIDEMILL_DATA') ?? '.tidemill'),
    databaseUrl: databaseUrl === undefined ? undefined : parseDatabaseUrl(databaseUrl),
    houseDevice: parseSwitch('TIDEMILL_HOUSE_DEVICE', read('TIDEMILL_HOUSE_DEVICE') ?? 'on'),
  }
}
