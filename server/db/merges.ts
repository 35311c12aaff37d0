import type { Digest } from '../../protocol/digest.ts'
import type { Merged } from '../../protocol/jobs.ts'
import type { Database, Queryable } from './database.ts'

/** Jobs whose outputs are to be merged, or are being merged by a job of their own. */
export async function listMerges(db: Queryable): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    // What runs again may fill the gaps.
    `with recursive waited as (
       select rerun_of as id from jobs where rerun_of is not null and state in ('active', 'paused')
       union
       select rerun_of from jobs join waited using (id) where rerun_of is not null)
     select id from jobs
     where state = 'finished' and merge->>'kind' <> 'none'
       and (merged is null or merged->>'state' in ('waiting', 'running'))
       and id not in (select id from waited)
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

/** Tasks of a job run again: what could not be merged without them, of it or the job that it is itself a rerun of, is merged then. */
export async function reopenMerge(client: Queryable, jobId: bigint): Promise<void> {
  await client.query(
    `with recursive line as (
       select id, rerun_of from jobs where id = $1
       union all
       select jobs.id, jobs.rerun_of from jobs join line on jobs.id = line.rerun_of)
     update jobs set merged = '{"state": "waiting"}'
     where id in (select id from line) and merge->>'kind' <> 'none' and merged->>'state' = 'failed'`,
    [jobId],
  )
}
