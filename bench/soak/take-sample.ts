import type { Database } from '../../server/db/database.ts'
import type { MemoryUse } from './inspected-memory.ts'

/** What a server holds, and what is in flight in its database, at one moment. */
export interface Sample extends MemoryUse {
  readonly atSeconds: number
  /** Chunks that are not sealed. */
  readonly openChunks: number
  /** Rows of their logs. */
  readonly logRows: number
  /** Results of theirs that no verdict has been reached on. */
  readonly waitingResults: number
  readonly tableBytes: Readonly<Record<string, number>>
}

type InFlight = Pick<Sample, 'openChunks' | 'logRows' | 'waitingResults'>

export async function takeSample(
  database: Database,
  { atSeconds, memory }: { readonly atSeconds: number; readonly memory: MemoryUse },
): Promise<Sample> {
  const inFlight = await database.query<Record<keyof InFlight, bigint>>(
    `select (select count(*) from chunks where sealed_at is null) as "openChunks",
            (select count(*) from log) as "logRows",
            (select coalesce(sum(returned - accepted - rejected - unpaid), 0)::bigint from contributions) as "waitingResults"`,
  )
  const tables = await database.query<{ name: string; bytes: bigint }>(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  )
  return {
    atSeconds,
    ...memory,
    openChunks: Number(inFlight.rows[0]?.openChunks),
    logRows: Number(inFlight.rows[0]?.logRows),
    waitingResults: Number(inFlight.rows[0]?.waitingResults),
    tableBytes: Object.fromEntries(tables.rows.map(({ name, bytes }) => [name, Number(bytes)])),
  }
}
