import type { Policy } from '../../protocol/jobs.ts'
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
  readonly weight: number
  readonly createdAt: Date
}

export interface JobProgressRow {
  readonly id: bigint
  readonly accepted: bigint
  readonly disputed: bigint
  readonly failed: bigint
}

export interface NewJob extends Omit<JobRow, 'id' | 'weight'> {
  readonly emptySummary: unknown
}

const columns = `id, kernel_id as "kernelId", kernel_digest as "kernelDigest", kernel_bytes as "kernelBytes", parameters,
  policy, micro_credits as "microCredits", task_count as "taskCount", chunk_size as "chunkSize", weight, created_at as "createdAt"`

export async function listJobs(db: Queryable): Promise<JobRow[]> {
  return (await db.query<JobRow>(`select ${columns} from jobs order by id`)).rows
}

export async function listJobProgress(db: Queryable): Promise<JobProgressRow[]> {
  return (
    await db.query<JobProgressRow>('select job_id as id, accepted, disputed, failed from job_progress order by job_id')
  ).rows
}

export async function readSummary(db: Queryable, jobId: bigint): Promise<unknown> {
  const { rows } = await db.query<{ summary: unknown }>('select summary from job_progress where job_id = $1', [jobId])
  return rows[0]?.summary
}

/** Stores the jobs that an empty database starts with. Several servers may try: the first one's stand. */
export async function seedJobs(db: Queryable, jobs: readonly NewJob[]): Promise<void> {
  await db.query('lock table jobs in share row exclusive mode')
  const { rows } = await db.query('select 1 from jobs limit 1')
  if (rows.length > 0) return
  for (const job of jobs)
    await db.query(
      `with job as (
         insert into jobs (kernel_id, kernel_digest, kernel_bytes, parameters, policy, micro_credits, task_count, chunk_size, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id)
       insert into job_progress (job_id, summary) select id, $10 from job`,
      [
        job.kernelId,
        job.kernelDigest,
        job.kernelBytes,
        JSON.stringify(job.parameters),
        JSON.stringify(job.policy),
        job.microCredits,
        job.taskCount,
        job.chunkSize,
        job.createdAt,
        JSON.stringify(job.emptySummary),
      ],
    )
}
