/** One line of JSON per event on stderr: what a log collector reads, and a person can. */
export interface Logger {
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause }
  return value
}

/** @param write takes each line, without its end */
export function createLogger(write: (line: string) => void): Logger {
  const line = (level: string) => (message: string, details?: Record<string, unknown>) =>
    write(JSON.stringify({ time: new Date().toISOString(), level, message, ...details }, plain))
  return { info: line('info'), warn: line('warn'), error: line('error') }
}
