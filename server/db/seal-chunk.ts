import type { Database } from './database.ts'
import type { ChunkKey } from './read-chunk.ts'

export interface Seal extends ChunkKey {
  readonly owner: string
  /** Last row of the log that the segment has. */
  readonly lastSeq: number
  readonly segment: { readonly digest: Buffer; readonly bytes: Buffer }
  readonly now: Date
}

/**
 * Turns the log of a chunk into its segment, and adds its counts and summary to those of its job, in one transaction.
 *
 * @returns false where the chunk is another server's by now, or something has come in meanwhile
 */
export function sealChunk(
  database: Database,
  { jobId, lo, owner, lastSeq, segment, now }: Seal,
  mergeSummaries: (one: unknown, other: unknown) => unknown,
): Promise<boolean> {
  return database.transaction(async client => {
    // The longest part first: who appends to the chunk waits while it is locked.
    const { rows: stored } = await client.query(
      'insert into segments (job_id, lo, digest, bytes) values ($1, $2, $3, $4) on conflict do nothing returning 1',
      [jobId, lo, segment.digest, segment.bytes],
    )
    if (stored.length === 0) return false
    // Waits for those that append now; what they have appended is seen by the next statement.
    await client.query('select 1 from chunks where job_id = $1 and lo = $2 for update', [jobId, lo])
    const { rows: sealed } = await client.query<{ summary: unknown }>(
      `update chunks set sealed_at = $5, owner = null
       where job_id = $1 and lo = $2 and owner = $3 and sealed_at is null
         and not exists (select 1 from inbox where job_id = $1 and lo = $2)
         and not exists (select 1 from log where job_id = $1 and lo = $2 and seq > $4)
       returning summary`,
      [jobId, lo, owner, lastSeq, now],
    )
    if (sealed[0] === undefined) {
      await client.query('delete from segments where job_id = $1 and lo = $2', [jobId, lo])
      return false
    }
    await client.query('delete from log where job_id = $1 and lo = $2', [jobId, lo])
    const { rows: progress } = await client.query<{ summary: unknown }>(
      'select summary from job_progress where job_id = $1 for update',
      [jobId],
    )
    await client.query(
      `update job_progress p
       set accepted = p.accepted + c.accepted, disputed = p.disputed + c.disputed, failed = p.failed + c.failed, summary = $3
       from chunks c where p.job_id = $1 and c.job_id = $1 and c.lo = $2`,
      [jobId, lo, JSON.stringify(mergeSummaries(progress[0]?.summary, sealed[0].summary))],
    )
    return true
  })
}
