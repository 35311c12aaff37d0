import type { Queryable } from './database.ts'

export interface AccountTotalsRow {
  readonly createdAt: Date
  readonly devices: number
  readonly microCredits: bigint
  readonly returned: bigint
  readonly accepted: bigint
  readonly rejected: bigint
  readonly waiting: bigint
}

export interface OwnResultRow {
  readonly jobId: bigint
  readonly index: bigint
  readonly kernelId: string
  readonly returnedAt: Date
  readonly elapsedMs: number
  readonly state: 'accepted' | 'disputed' | 'failed' | null
  readonly agrees: boolean
  readonly judgedAt: Date | null
  readonly microCredits: bigint
  readonly others: bigint
}

export async function readAccountTotals(db: Queryable, accountId: bigint): Promise<AccountTotalsRow | undefined> {
  const { rows } = await db.query<AccountTotalsRow>(
    `select created_at as "createdAt",
       (select count(*)::int from devices where account_id = a.id) as devices,
       (select coalesce(sum(micro_credits), 0)::bigint from credits where account_id = a.id) as "microCredits",
       (select count(*) from results where account_id = a.id) as returned,
       (select count(*) from credits where account_id = a.id) as accepted,
       (select count(*) from results r join verdicts v using (job_id, index)
        where r.account_id = a.id and v.state = 'accepted' and r.digest is distinct from v.digest) as rejected,
       (select count(*) from results r left join verdicts v using (job_id, index)
        where r.account_id = a.id and v.state is null) as waiting
     from accounts a where a.id = $1`,
    [accountId],
  )
  return rows[0]
}

/** The account's latest results, newest first. */
export async function readOwnResults(db: Queryable, accountId: bigint, limit: number): Promise<OwnResultRow[]> {
  const { rows } = await db.query<OwnResultRow>(
    `select r.job_id as "jobId", r.index, j.kernel_id as "kernelId", r.returned_at as "returnedAt",
       r.elapsed_ms as "elapsedMs", v.state, r.digest is not distinct from v.digest as agrees, v.judged_at as "judgedAt",
       coalesce(c.micro_credits, 0)::bigint as "microCredits",
       (select count(*) from results o
        where o.job_id = r.job_id and o.index = r.index and o.account_id <> r.account_id) as others
     from results r
       join jobs j on j.id = r.job_id
       left join verdicts v on v.job_id = r.job_id and v.index = r.index
       left join credits c on c.job_id = r.job_id and c.index = r.index and c.account_id = r.account_id
     where r.account_id = $1
     order by r.returned_at desc, r.job_id, r.index limit $2`,
    [accountId, limit],
  )
  return rows
}

/** The account's credit as it grew: at most `points` points, each the sum up to its moment. */
export async function readCreditHistory(
  db: Queryable,
  accountId: bigint,
  points: number,
): Promise<{ at: Date; microCredits: bigint }[]> {
  const { rows } = await db.query<{ at: Date; microCredits: bigint }>(
    `with grown as (
       select earned_at, sum(micro_credits) over (order by earned_at, job_id, index) as total,
         ntile($2) over (order by earned_at, job_id, index) as part
       from credits where account_id = $1)
     select max(earned_at) as at, max(total)::bigint as "microCredits" from grown group by part order by part`,
    [accountId, points],
  )
  return rows
}
