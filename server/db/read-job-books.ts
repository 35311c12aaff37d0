import type { Queryable } from './database.ts'

export interface JobBooks {
  /** What accepted replicas have earned, forfeited or not. */
  readonly spent: bigint
  /** Jobs that run failed tasks of this one again. */
  readonly reruns: readonly string[]
}

export async function readJobBooks(db: Queryable, jobId: bigint): Promise<JobBooks> {
  const { rows } = await db.query<JobBooks>(
    `select
       (select coalesce(sum(micro_credits), 0)::bigint from contributions where job_id = $1) as spent,
       array(select id::text from jobs where rerun_of = $1 order by id) as reruns`,
    [jobId],
  )
  return rows[0] as JobBooks
}
