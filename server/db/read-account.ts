import * as z from 'zod/mini'
import type { CheckRecord } from '../domain/credibility.ts'
import type { Queryable } from './database.ts'
import { RecentResult } from './recent-result.ts'

export interface AccountTotalsRow {
  readonly createdAt: Date
  readonly devices: number
  /** What is left of it after forfeits; `unvestedMicroCredits` is a part of it. */
  readonly microCredits: bigint
  readonly unvestedMicroCredits: bigint
  readonly forfeitedMicroCredits: bigint
  readonly returned: bigint
  readonly accepted: bigint
  readonly rejected: bigint
  readonly waiting: bigint
}

export interface OwnResultRow extends RecentResult {
  readonly kernelId: string
}

export interface RecordRow extends CheckRecord {
  readonly kernelId: string
  readonly kernelDigest: Buffer
}

export async function readAccountTotals(
  db: Queryable,
  accountId: bigint,
  now: Date,
): Promise<AccountTotalsRow | undefined> {
  const { rows } = await db.query<AccountTotalsRow>(
    `select a.created_at as "createdAt",
       (select count(*)::int from devices where account_id = a.id) as devices, totals.*
     from accounts a, lateral (
       select coalesce(sum(micro_credits - forfeited), 0)::bigint as "microCredits",
         coalesce(sum(micro_credits - forfeited) filter (where vests_at > $2), 0)::bigint as "unvestedMicroCredits",
         coalesce(sum(forfeited), 0)::bigint as "forfeitedMicroCredits",
         coalesce(sum(returned), 0) as returned, coalesce(sum(accepted), 0) as accepted,
         coalesce(sum(rejected), 0) as rejected,
         coalesce(sum(returned - accepted - rejected - unpaid), 0) as waiting
       from contributions where account_id = a.id) totals
     where a.id = $1`,
    [accountId, now],
  )
  return rows[0]
}

/** The account's latest results, newest first. */
export async function readOwnResults(db: Queryable, accountId: bigint, limit: number): Promise<OwnResultRow[]> {
  const { rows } = await db.query<{ entries: unknown }>('select entries from recent_results where account_id = $1', [
    accountId,
  ])
  const entries = rows.flatMap(row => z.array(RecentResult).parse(row.entries))
  const jobIds = [...new Set(entries.map(({ jobId }) => jobId))]
  const { rows: jobs } = await db.query<{ id: bigint; kernelId: string }>(
    'select id, kernel_id as "kernelId" from jobs where id = any($1::bigint[])',
    [jobIds],
  )
  const kernelIds = new Map(jobs.map(({ id, kernelId }) => [`${id}`, kernelId]))
  return entries
    .map(entry => ({ ...entry, kernelId: kernelIds.get(entry.jobId) ?? '' }))
    .sort((one, other) => other.returnedAt - one.returnedAt)
    .slice(0, limit)
}

/** What the checks of the account have said, for each kernel that it has been checked on. */
export async function readRecords(db: Queryable, accountId: bigint): Promise<RecordRow[]> {
  const { rows } = await db.query<Omit<RecordRow, 'failedAt'> & { failedAt: Date | null }>(
    `select (select kernel_id from jobs j where j.kernel_digest = r.kernel_digest order by id limit 1) as "kernelId",
       kernel_digest as "kernelDigest", passed, strikes, failed_at as "failedAt"
     from records r where account_id = $1 and exists (select from jobs j where j.kernel_digest = r.kernel_digest)
     order by 1, 2`,
    [accountId],
  )
  return rows.map(row => ({ ...row, failedAt: row.failedAt?.getTime() }))
}

/** The account's credit as it grew: at most `points` points, each the sum up to its moment. */
export async function readCreditHistory(
  db: Queryable,
  accountId: bigint,
  points: number,
): Promise<{ at: Date; microCredits: bigint }[]> {
  const { rows } = await db.query<{ at: Date; microCredits: bigint }>(
    `with grown as (
       select earned_at, sum(micro_credits - forfeited) over (order by earned_at, job_id, lo) as total,
         ntile($2) over (order by earned_at, job_id, lo) as part
       from contributions where account_id = $1 and micro_credits > forfeited)
     select max(earned_at) as at, max(total)::bigint as "microCredits" from grown group by part order by part`,
    [accountId, points],
  )
  return rows
}
