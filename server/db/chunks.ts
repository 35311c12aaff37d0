import type { Queryable } from './database.ts'
import type { ChunkKey } from './read-chunk.ts'

export interface ChunkRow extends ChunkKey {
  readonly hi: bigint
}

/** A claim ends by itself, unless it is renewed: so long does a dead server hold its chunks. */
const claim = `now() + interval '10 seconds'`
export const renewEveryMs = 3000

/** Cuts the next chunk off a job and claims it. @returns undefined where the job is cut to its end */
export async function cutChunk(
  db: Queryable,
  { jobId, owner, emptySummary }: { jobId: bigint; owner: string; emptySummary: unknown },
): Promise<ChunkRow | undefined> {
  const { rows } = await db.query<ChunkRow>(
    `with job as (select id, next_index, task_count, chunk_size from jobs where id = $1 for update),
     cut as (
       update jobs set next_index = least(job.next_index + job.chunk_size, job.task_count)
       from job where jobs.id = job.id and job.next_index < job.task_count
       returning jobs.id, job.next_index as lo, jobs.next_index as hi)
     insert into chunks (job_id, lo, hi, owner, claimed_until, summary)
     select id, lo, hi, $2, ${claim}, $3 from cut
     returning job_id as "jobId", lo, hi`,
    [jobId, owner, JSON.stringify(emptySummary)],
  )
  return rows[0]
}

/**
 * Claims chunks of these jobs that nobody holds any more. The lock is one that those who append wait for: whoever claims
 * a chunk reads all of its log, and whoever has lost it appends nothing.
 */
export async function claimChunks(
  db: Queryable,
  { owner, jobIds, limit }: { owner: string; jobIds: readonly bigint[]; limit: number },
): Promise<ChunkRow[]> {
  const { rows } = await db.query<ChunkRow>(
    `with free as materialized (
       select job_id, lo from chunks
       where sealed_at is null and claimed_until < now() and job_id = any($2::bigint[])
       order by claimed_until limit $3 for update skip locked)
     update chunks set owner = $1, claimed_until = ${claim}
     from free where chunks.job_id = free.job_id and chunks.lo = free.lo
     returning chunks.job_id as "jobId", chunks.lo, chunks.hi`,
    [owner, jobIds, limit],
  )
  return rows
}

/** Renews the claims of chunks that a server holds, and of no others. @returns those that are still its own */
export async function renewChunks(db: Queryable, owner: string, chunks: readonly ChunkKey[]): Promise<ChunkKey[]> {
  const { rows } = await db.query<ChunkKey>(
    `with held as materialized (
       select job_id, lo from chunks
       where owner = $1 and (job_id, lo) in (select * from unnest($2::bigint[], $3::bigint[]))
       order by job_id, lo for no key update)
     update chunks set claimed_until = ${claim}
     from held where chunks.job_id = held.job_id and chunks.lo = held.lo
     returning chunks.job_id as "jobId", chunks.lo`,
    [owner, chunks.map(({ jobId }) => jobId), chunks.map(({ lo }) => lo)],
  )
  return rows
}

/** Gives all claims up, so that another server, or this one when it is back, need not wait for their end. */
export async function releaseChunks(db: Queryable, owner: string): Promise<void> {
  await db.query(
    `with held as materialized (
       select job_id, lo from chunks where owner = $1 and sealed_at is null order by job_id, lo for no key update)
     update chunks set owner = null, claimed_until = now()
     from held where chunks.job_id = held.job_id and chunks.lo = held.lo`,
    [owner],
  )
}
