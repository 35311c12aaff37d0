import { Policy } from '../../protocol/jobs.ts'
import type { Queryable } from './database.ts'

export interface JobRow {
  readonly id: bigint
  readonly kernelId: string
  readonly kernelDigest: Buffer
  readonly kernelBytes: number
  readonly parameters: unknown
  readonly policy: Policy
  readonly microCredits: bigint
  readonly taskCount: bigint
  readonly chunkSize: number
  /** A job of weight 2 gets twice the share of one of weight 1. */
  readonly weight: number
  readonly createdAt: Date
}

export interface JobProgressRow {
  readonly id: bigint
  readonly accepted: bigint
  readonly disputed: bigint
  readonly failed: bigint
}

export interface NewJob extends Omit<JobRow, 'id'> {
  readonly emptySummary: unknown
}

const columns = `id, kernel_id as "kernelId", kernel_digest as "kernelDigest", kernel_bytes as "kernelBytes", parameters,
  policy, micro_credits as "microCredits", task_count as "taskCount", chunk_size as "chunkSize", weight,
  created_at as "createdAt"`

export async function listJobs(db: Queryable): Promise<JobRow[]> {
  const { rows } = await db.query<JobRow>(`select ${columns} from jobs order by id`)
  // A policy may have been stored before all of its fields were known.
  return rows.map(row => ({ ...row, policy: Policy.parse(row.policy) }))
}

/** What sealed chunks and open ones count together; one statement, since a chunk may be sealed between two. */
export async function listJobProgress(db: Queryable): Promise<JobProgressRow[]> {
  const { rows } = await db.query<JobProgressRow>(
    `select p.job_id as id, p.accepted + coalesce(sum(c.accepted), 0)::bigint as accepted,
       p.disputed + coalesce(sum(c.disputed), 0)::bigint as disputed, p.failed + coalesce(sum(c.failed), 0)::bigint as failed
     from job_progress p left join chunks c on c.job_id = p.job_id and c.sealed_at is null
     group by p.job_id order by p.job_id`,
  )
  return rows
}

/** What all accepted results of a job say together, in sealed chunks and in open ones. */
export async function readSummary(
  db: Queryable,
  jobId: bigint,
  merge: (one: unknown, other: unknown) => unknown,
): Promise<unknown> {
  const { rows } = await db.query<{ summary: unknown }>(
    `select summary from job_progress where job_id = $1
     union all
     select summary from chunks where job_id = $1 and sealed_at is null`,
    [jobId],
  )
  return rows.map(({ summary }) => summary).reduce(merge)
}

/** Stores the jobs that an empty database starts with. Several servers may try: the first one's stand. */
export async function seedJobs(db: Queryable, jobs: readonly NewJob[]): Promise<void> {
  await db.query('lock table jobs in share row exclusive mode')
  const { rows } = await db.query('select 1 from jobs limit 1')
  if (rows.length > 0) return
  for (const job of jobs)
    await db.query(
      `with job as (
         insert into jobs (kernel_id, kernel_digest, kernel_bytes, parameters, policy, micro_credits, task_count, chunk_size,
           weight, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id)
       insert into job_progress (job_id, summary) select id, $11 from job`,
      [
        job.kernelId,
        job.kernelDigest,
        job.kernelBytes,
        JSON.stringify(job.parameters),
        JSON.stringify(job.policy),
        job.microCredits,
        job.taskCount,
        job.chunkSize,
        job.weight,
        job.createdAt,
        JSON.stringify(job.emptySummary),
      ],
    )
}
