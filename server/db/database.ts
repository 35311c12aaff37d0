import pg from 'pg'
import { DatabaseUnavailableError } from '../errors.ts'

// 64-bit integers arrive as bigint: a count past 2^53 must not lose its last digits.
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt)

/** A pool or a client inside a transaction: whatever runs one statement. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>
}

export interface Listener {
  onPayload(payload: string): void
  /** The connection was lost, and is back. */
  onResumed(): void
}

/** How many connections the pool has, how many of them nobody uses, and how many statements wait for one. */
export interface PoolState {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

export interface Database extends Queryable {
  /** Runs the statements of `work` in one transaction: all or none. */
  transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T>
  /** Runs `work` on a connection of its own, whose statements may take as long as they need. */
  session<T>(work: (client: Queryable) => Promise<T>): Promise<T>
  poolState(): PoolState
  /** Calls back with each payload sent to the channel, and tells when some may have been missed. */
  listen(channel: string, listener: Listener): Promise<void>
  close(): Promise<void>
}

const connectionTimeoutMs = 3000

const unreachable = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

/** Whether the database is away, rather than the statement wrong. */
function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return (
    // Connection exceptions, operator intervention, resources: PostgreSQL, appendix A.
    /^(08|57P|53)/.test(code ?? '') ||
    unreachable.includes(code ?? '') ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|client has encountered a connection error/i.test(
      message ?? '',
    )
  )
}

/** Whether a transaction lost against another one (a deadlock, say) and may well win when it is tried again. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof DatabaseUnavailableError || /^40/.test((error as { code?: string }).code ?? '')

const translated = (error: unknown): unknown =>
  isUnavailable(error) ? new DatabaseUnavailableError({ cause: error }) : error

/**
 * Opens a pool on `url`. Eight connections: more only make the commits of one disk wait for each other.
 *
 * @throws {DatabaseUnavailableError} from every call while PostgreSQL cannot be reached
 */
export function openDatabase(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: connectionTimeoutMs,
    query_timeout: 30_000,
    application_name: 'tidemill',
  })
  // An idle connection that breaks is replaced by the pool; the next statement tells whether the database is away.
  pool.on('error', () => {})
  let listening: pg.Client | undefined
  let isClosed = false

  async function listen(channel: string, listener: Listener): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'tidemill listener',
      connectionTimeoutMillis: connectionTimeoutMs,
      keepAlive: true,
    })
    client.on('notification', ({ payload }) => listener.onPayload(payload ?? ''))
    const again = () => {
      if (isClosed || listening !== client) return
      listening = undefined
      setTimeout(() => void listen(channel, listener).then(listener.onResumed, () => {}), 1000).unref()
    }
    listening = client
    client.on('error', again)
    client.on('end', again)
    try {
      await client.connect()
      await client.query(`listen ${client.escapeIdentifier(channel)}`)
    } catch (error) {
      again()
      throw translated(error)
    }
  }

  return {
    async query(text, values) {
      try {
        return await pool.query(text, values as unknown[])
      } catch (error) {
        throw translated(error)
      }
    },
    async transaction(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw translated(error)
      })
      // Without a listener, a connection that breaks between two statements would end the process.
      const ignore = () => {}
      client.on('error', ignore)
      try {
        await client.query('begin')
        const result = await work(client as Queryable)
        await client.query('commit')
        client.off('error', ignore)
        client.release()
        return result
      } catch (error) {
        // The connection is thrown away: what state it is in nobody knows.
        client.release(true)
        throw translated(error)
      }
    },
    async session(work) {
      const client = new pg.Client({
        connectionString: url,
        application_name: 'tidemill session',
        connectionTimeoutMillis: connectionTimeoutMs,
        keepAlive: true,
      })
      // A connection that breaks fails the statement under way; between two, the next one.
      client.on('error', () => {})
      try {
        await client.connect()
        return await work(client as Queryable)
      } catch (error) {
        throw translated(error)
      } finally {
        await client.end().catch(() => {})
      }
    },
    poolState: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    listen,
    async close() {
      isClosed = true
      await listening?.end().catch(() => {})
      await pool.end()
    },
  }
}
