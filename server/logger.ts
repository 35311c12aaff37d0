import { pino, stdTimeFunctions } from 'pino'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** One line of JSON per event: what a log collector reads, and a person can. */
export interface Logger {
  /** What is somebody else's doing, or too much to read every day. */
  debug(message: string, details?: Record<string, unknown>): void
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

/** Named parts of an error, and no others: a driver's error carries the values of the row that it stumbled over. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause, code } = error as NodeJS.ErrnoException
  return { name, message, code, stack, ...(cause !== undefined && { cause: plainError(cause) }) }
}

const secrets = ['authorization', 'cookie', 'token', 'password', 'databaseUrl', 'address']
const redact = { paths: secrets.flatMap(name => [name, `*.${name}`]), censor: '[secret]' }

/** Nobody means to log these; a message of a library may hold them all the same. */
const scrub = (line: string): string =>
  line
    .replace(/(\w+:\/\/[^\s:@/"]*:)[^\s@"]+@/g, '$1[secret]@')
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [secret]')

/**
 * Passwords in URLs, authorization headers and what is called a token or an address never reach a line.
 *
 * @param write takes each line, without its end
 */
export function createLogger(write: (line: string) => void, level: LogLevel = 'info'): Logger {
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { error: plainError },
      redact,
      hooks: { streamWrite: scrub },
    },
    { write: line => write(line.trimEnd()) },
  )
  return {
    debug: (message, details) => lines.debug(details, message),
    info: (message, details) => lines.info(details, message),
    warn: (message, details) => lines.warn(details, message),
    error: (message, details) => lines.error(details, message),
  }
}
