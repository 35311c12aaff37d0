import { type JobState, type Merge, type Merged, Policy } from '../../protocol/jobs.ts'
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
  /** Whose it is; undefined: the operator's. */
  readonly accountId: bigint | undefined
  readonly title: string | undefined
  readonly description: string | undefined
  readonly state: JobState
  /** Most that accepted replicas may earn, in millionths of a credit; undefined: no bound. */
  readonly budget: bigint | undefined
  readonly deadline: Date | undefined
  readonly merge: Merge
  readonly merged: Merged | undefined
  /** The job whose failed tasks this one runs again. */
  readonly rerunOf: bigint | undefined
  /** Which: the task `i` of this job is the task `selection[i]` of that one; undefined: all tasks are its own. */
  readonly selection: readonly bigint[] | undefined
  /** The trial that it was made of; one trial makes one job. */
  readonly trialId: string | undefined
}

export interface JobProgressRow {
  readonly id: bigint
  readonly accepted: bigint
  readonly disputed: bigint
  readonly failed: bigint
}

/** A job as it begins. */
export interface NewJobRow extends Omit<JobRow, 'id' | 'state'> {
  readonly emptySummary: unknown
}

const columns = `id, kernel_id as "kernelId", kernel_digest as "kernelDigest", kernel_bytes as "kernelBytes", parameters,
  policy, micro_credits as "microCredits", task_count as "taskCount", chunk_size as "chunkSize", weight,
  created_at as "createdAt", account_id as "accountId", title, description, state, budget, deadline, merge, merged,
  rerun_of as "rerunOf", selection::text[], trial_id as "trialId"`

/** As PostgreSQL gives it: what is absent is null there, and arrays of bigint are read as text. */
type StoredRow = { readonly [Column in keyof Omit<JobRow, 'selection'>]: JobRow[Column] | null } & {
  readonly selection: readonly string[] | null
}

const toJobRow = (row: StoredRow): JobRow => {
  const present = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value ?? undefined]))
  // A policy may have been stored before all of its fields were known.
  return {
    ...(present as unknown as JobRow),
    policy: Policy.parse(row.policy),
    selection: row.selection?.map(BigInt),
  }
}

/** Most jobs of a list, of each kind: everybody reads it every few seconds, and anybody may post. */
const mostListed = { operators: 100, open: 200, over: 100 }
/** Parameters that take more in the database are those of a job itself, not of a list. */
const listedParameterBytes = 8192

const listedIds = `
  (select id from jobs where account_id is null order by id desc limit ${mostListed.operators})
  union all
  (select id from jobs where account_id is not null and state not in ('finished', 'canceled') order by id desc limit ${mostListed.open})
  union all
  (select id from jobs where account_id is not null and state in ('finished', 'canceled') order by id desc limit ${mostListed.over})`

const listedColumns = columns
  .replace(
    ' parameters,',
    ` case when pg_column_size(parameters) > ${listedParameterBytes} then '{}' else parameters end as parameters,`,
  )
  .replace('selection::text[]', 'null::text[] as selection')

/**
 * The operator's jobs, those that people posted last, and those of them that were over last, in the order of their ids;
 * without what {@link findJob} has of long ones: their parameters are empty, and there are no selections.
 */
export async function listJobs(db: Queryable): Promise<JobRow[]> {
  const { rows } = await db.query<StoredRow>(`select ${listedColumns} from jobs where id in (${listedIds}) order by id`)
  return rows.map(toJobRow)
}

/** How many tasks the jobs of {@link listJobs} have. */
export async function listTaskCounts(db: Queryable): Promise<Pick<JobRow, 'id' | 'taskCount'>[]> {
  const { rows } = await db.query<Pick<JobRow, 'id' | 'taskCount'>>(
    `select id, task_count as "taskCount" from jobs where id in (${listedIds}) order by id`,
  )
  return rows
}

/** Where a job stands that work is left of. */
export interface OpenJobRow extends Pick<JobRow, 'id' | 'state'> {
  /** What its accepted replicas have earned; 0 where there is no budget to compare it with. */
  readonly spent: bigint
}

/** Jobs that are not over, and those that are but for a chunk that is not sealed yet. */
export async function listOpenJobs(db: Queryable): Promise<OpenJobRow[]> {
  const { rows } = await db.query<OpenJobRow>(
    `select id, state,
       case when budget is null then 0
         else (select coalesce(sum(micro_credits), 0) from contributions where job_id = jobs.id) end::bigint as spent
     from jobs
     where state not in ('finished', 'canceled') or id in (select job_id from chunks where sealed_at is null)
     order by id`,
  )
  return rows
}

export async function findJobs(db: Queryable, ids: readonly bigint[]): Promise<JobRow[]> {
  const { rows } = await db.query<StoredRow>(`select ${columns} from jobs where id = any($1::bigint[]) order by id`, [
    ids,
  ])
  return rows.map(toJobRow)
}

export async function findJob(db: Queryable, id: bigint): Promise<JobRow | undefined> {
  const { rows } = await db.query<StoredRow>(`select ${columns} from jobs where id = $1`, [id])
  return rows.map(toJobRow)[0]
}

const progressOf = (condition: string) =>
  `select p.job_id as id, p.accepted + coalesce(sum(c.accepted), 0)::bigint as accepted,
     p.disputed + coalesce(sum(c.disputed), 0)::bigint as disputed, p.failed + coalesce(sum(c.failed), 0)::bigint as failed
   from job_progress p left join chunks c on c.job_id = p.job_id and c.sealed_at is null
   ${condition} group by p.job_id`

/** What sealed chunks and open ones count together; one statement, since a chunk may be sealed between two. */
export async function listJobProgress(db: Queryable): Promise<JobProgressRow[]> {
  const { rows } = await db.query<JobProgressRow>(`${progressOf('')} order by p.job_id`)
  return rows
}

export async function findJobProgress(db: Queryable, jobId: bigint): Promise<JobProgressRow | undefined> {
  const { rows } = await db.query<JobProgressRow>(progressOf('where p.job_id = $1'), [jobId])
  return rows[0]
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
export async function seedJobs(db: Queryable, jobs: readonly NewJobRow[]): Promise<void> {
  await db.query('lock table jobs in share row exclusive mode')
  const { rows } = await db.query('select 1 from jobs limit 1')
  if (rows.length > 0) return
  for (const job of jobs) await insertJob(db, job)
}

/** @returns its id */
export async function insertJob(db: Queryable, job: NewJobRow): Promise<bigint> {
  const { rows } = await db.query<{ id: bigint }>(
    `with job as (
       insert into jobs (kernel_id, kernel_digest, kernel_bytes, parameters, policy, micro_credits, task_count, chunk_size,
         weight, created_at, account_id, title, description, budget, deadline, merge, merged, rerun_of, selection, trial_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) returning id)
     insert into job_progress (job_id, summary) select id, $11 from job returning job_id as id`,
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
      job.accountId,
      job.title,
      job.description,
      job.budget,
      job.deadline,
      JSON.stringify(job.merge),
      job.merged && JSON.stringify(job.merged),
      job.rerunOf,
      job.selection,
      job.trialId,
    ],
  )
  return (rows[0] as { id: bigint }).id
}
