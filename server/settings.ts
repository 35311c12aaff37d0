import { resolve } from 'node:path'
import proxyAddr from 'proxy-addr'
import { workBitsMost } from '../protocol/hashcash.ts'
import { type BlobPlace, parseBlobPlace } from './blobs/parse-blob-place.ts'
import type { MetricsAddress } from './http/metrics.ts'
import { type LogLevel, logLevels } from './logger.ts'
import { SettingError } from './setting-error.ts'

export interface Settings {
  readonly host: string
  readonly port: number
  /** Folder of everything that this server keeps: database, blobs, keys. */
  readonly dataFolder: string
  /** Undefined: a PostgreSQL of our own in the data folder. */
  readonly databaseUrl: string | undefined
  readonly houseDevice: boolean
  /** Proxies whose `X-Forwarded-For` is believed: addresses, CIDR ranges, or names of ranges. */
  readonly trustedProxies: readonly string[]
  /** Undefined: no metrics. */
  readonly metrics: MetricsAddress | undefined
  readonly logLevel: LogLevel
  /** Proof of work that a new device owes, in bits; 0: none. */
  readonly signupWorkBits: number
  readonly blobPlace: BlobPlace
  /** Whether accounts may store files and post jobs, whose credit the operator sponsors. */
  readonly sponsoredJobs: boolean
}

/**
 * Whether nobody but the operator reaches the server: a PostgreSQL and an address of its own machine, and no proxy that
 * brings others. Then earnings vest at once, and no verdict is kept secret to test anybody.
 */
export const isLocal = ({
  databaseUrl,
  host,
  trustedProxies,
}: Pick<Settings, 'databaseUrl' | 'host' | 'trustedProxies'>): boolean =>
  databaseUrl === undefined && /^(127\.|::1$|localhost$)/.test(host) && trustedProxies.length === 0

function parseNumber(variable: string, value: string, most: number): number {
  if (/^\d+$/.test(value) && Number(value) <= most) return Number(value)
  throw new SettingError(variable, value, `a number from 0 to ${most}`)
}

const parsePort = (variable: string, value: string) => parseNumber(variable, value, 65_535)

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

function parseHost(variable: string, value: string): string {
  if (/^[\w.:-]+$/.test(value)) return value
  throw new SettingError(variable, value, 'an address or a host name, such as 127.0.0.1 or 0.0.0.0')
}

function parseLogLevel(value: string): LogLevel {
  const level = logLevels.find(name => name === value)
  if (level !== undefined) return level
  throw new SettingError('TIDEMILL_LOG_LEVEL', value, `one of ${logLevels.join(', ')}`)
}

function parseProxies(value: string): string[] {
  const proxies = value.split(',').map(entry => entry.trim())
  try {
    proxyAddr.compile(proxies)
    return proxies
  } catch {
    throw new SettingError(
      'TIDEMILL_TRUSTED_PROXIES',
      value,
      'addresses and CIDR ranges with commas between, or loopback, linklocal, uniquelocal',
    )
  }
}

/** Reads the environment. An empty variable counts as unset. @throws {SettingError} */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string) => environment[name] || undefined
  const databaseUrl = read('DATABASE_URL')
  const metricsPort = read('METRICS_PORT')
  const proxies = read('TIDEMILL_TRUSTED_PROXIES')
  const reach = {
    host: parseHost('HOST', read('HOST') ?? '127.0.0.1'),
    databaseUrl: databaseUrl === undefined ? undefined : parseDatabaseUrl(databaseUrl),
    trustedProxies: proxies === undefined ? [] : parseProxies(proxies),
  }
  const sponsored = read('TIDEMILL_SPONSORED_JOBS') ?? (isLocal(reach) ? 'on' : 'off')
  return {
    ...reach,
    port: parsePort('PORT', read('PORT') ?? '8787'),
    dataFolder: resolve(read('TIDEMILL_DATA') ?? '.tidemill'),
    houseDevice: parseSwitch('TIDEMILL_HOUSE_DEVICE', read('TIDEMILL_HOUSE_DEVICE') ?? 'on'),
    metrics:
      metricsPort === undefined
        ? undefined
        : {
            host: parseHost('METRICS_HOST', read('METRICS_HOST') ?? '127.0.0.1'),
            port: parsePort('METRICS_PORT', metricsPort),
          },
    logLevel: parseLogLevel(read('TIDEMILL_LOG_LEVEL') ?? 'info'),
    signupWorkBits: parseNumber('TIDEMILL_SIGNUP_WORK_BITS', read('TIDEMILL_SIGNUP_WORK_BITS') ?? '0', workBitsMost),
    blobPlace: parseBlobPlace(read),
    sponsoredJobs: parseSwitch('TIDEMILL_SPONSORED_JOBS', sponsored),
  }
}
