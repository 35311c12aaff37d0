import type { Digest } from '../../protocol/digest.ts'
import type { Merged } from '../../protocol/jobs.ts'
import type { Database, Queryable } from './database.ts'

/** Jobs whose outputs are to be merged, or are being merged by a job of their own. */
export async function listMerges(db: Queryable): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `select id from jobs j
     where state = 'finished' and merge->>'kind' <> 'none'
       and (merged is null or merged->>'state' in ('waiting', 'running'))
       -- What runs again may fill the gaps.
       and not exists (select 1 from jobs r where r.rerun_of = j.id and r.state in ('active', 'paused'))
     order by id`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Does `work` unless another server does the same for this job now. The claim ends with the connection, so with the server.
 *
 * @returns whether it was done
 */
export const withMergeClaim = (database: Database, jobId: bigint, work: () => Promise<void>): Promise<boolean> =>
  database.session(async session => {
    const { rows } = await session.query<{ isClaimed: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('tidemill merge ' || $1::bigint, 0)) as "isClaimed"`,
      [jobId],
    )
    if (rows[0]?.isClaimed !== true) return false
    await work()
    return true
  })

/**
 * Writes down what a merge has come to, and keeps its blobs for the job, where it is still in the state `from`. So it comes
 * to that once, also where a server took long enough for another to do the same.
 *
 * @returns whether it was
 */
export async function settleMerge(
  client: Queryable,
  {
    jobId,
    from,
    merged,
    keep,
  }: { jobId: bigint; from: 'waiting' | 'running'; merged: Merged; keep: readonly Digest[] },
): Promise<boolean> {
  const { rows } = await client.query(
    `update jobs set merged = $3 where id = $1 and coalesce(merged->>'state', 'waiting') = $2 returning 1`,
    [jobId, from, JSON.stringify(merged)],
  )
  if (rows.length === 0) return false
  await keepBlobs(client, jobId, keep)
  return true
}

/** Blobs that a job needs as long as it stands. */
export async function keepBlobs(client: Queryable, jobId: bigint, digests: readonly Digest[]): Promise<void> {
  await client.query(
    `insert into job_blobs (job_id, digest) select $1, decode(digest, 'hex') from unnest($2::text[]) digest
     on conflict do nothing`,
    [jobId, digests],
  )
}

/** Tasks of a job run again: what could not be merged without them is merged when they are done. */
export async function reopenMerge(client: Queryable, jobId: bigint): Promise<void> {
  await client.query(
    `update jobs set merged = '{"state": "waiting"}' where id = $1 and merge->>'kind' <> 'none' and merged->>'state' = 'failed'`,
    [jobId],
  )
}
