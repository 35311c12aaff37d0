import type { Digest } from '../../protocol/digest.ts'
import { holdBlobs } from './blobs.ts'
import type { Queryable } from './database.ts'
import { insertJob, type NewJobRow } from './jobs.ts'
import { keepBlobs } from './merges.ts'

export interface PostedTotals {
  readonly openJobs: number
  /** Budgets of its open jobs together, in millionths of a credit. */
  readonly budgets: bigint
}

/** What an account has posted that is not over. */
export async function readPostedTotals(db: Queryable, accountId: bigint): Promise<PostedTotals> {
  const { rows } = await db.query<PostedTotals>(
    `select count(*)::integer as "openJobs", coalesce(sum(budget), 0)::bigint as budgets
     from jobs where account_id = $1 and state not in ('finished', 'canceled')`,
    [accountId],
  )
  return rows[0] as PostedTotals
}

/** Jobs of an account, the newest first. */
export async function listPostedJobs(db: Queryable, accountId: bigint): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>('select id from jobs where account_id = $1 order by id desc', [
    accountId,
  ])
  return rows.map(({ id }) => id)
}

/** @returns the job that a trial has become already */
export async function findJobOfTrial(db: Queryable, trialId: string): Promise<bigint | undefined> {
  const { rows } = await db.query<{ id: bigint }>('select id from jobs where trial_id = $1', [trialId])
  return rows[0]?.id
}

/**
 * Stores a job and what it needs as long as it stands.
 *
 * @returns its id; undefined where a blob has gone meanwhile
 */
export async function insertPostedJob(
  client: Queryable,
  job: NewJobRow,
  digests: readonly Digest[],
): Promise<bigint | undefined> {
  const wanted = [...new Set(digests)]
  if ((await holdBlobs(client, wanted)).length > 0) return undefined
  const id = await insertJob(client, job)
  await keepBlobs(client, id, wanted)
  return id
}

/** A job of the same program needs what the first one needs. */
export async function copyJobBlobs(client: Queryable, from: bigint, to: bigint): Promise<void> {
  await client.query('insert into job_blobs (job_id, digest) select $2, digest from job_blobs where job_id = $1', [
    from,
    to,
  ])
}
