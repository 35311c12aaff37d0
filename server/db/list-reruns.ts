import type { Queryable } from './database.ts'
import { findJob, type JobRow } from './jobs.ts'

/** A job that runs some tasks of another one again. */
export type RerunRow = JobRow & { readonly selection: readonly bigint[] }

const isRerun = (job: JobRow | undefined): job is RerunRow => job?.selection !== undefined

/** Jobs that run failed tasks of this one again, and those that run failed tasks of these; the latest first. */
export async function listReruns(db: Queryable, jobId: bigint): Promise<RerunRow[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `with recursive reruns as (
       select id from jobs where rerun_of = $1
       union all
       select jobs.id from jobs join reruns on jobs.rerun_of = reruns.id)
     select id from reruns order by id desc`,
    [jobId],
  )
  const reruns: RerunRow[] = []
  for (const { id } of rows) {
    const rerun = await findJob(db, id)
    if (isRerun(rerun)) reruns.push(rerun)
  }
  return reruns
}

/** Jobs that run failed tasks of this one again and are not over. */
export async function listOpenReruns(db: Queryable, jobId: bigint): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `select id from jobs where rerun_of = $1 and state not in ('finished', 'canceled') order by id`,
    [jobId],
  )
  return rows.map(({ id }) => id)
}
