import type { Queryable } from './database.ts'

/** Which of these tasks the account has returned a result for. @returns one boolean per index of `tasks` */
export async function hasResults(
  db: Queryable,
  accountId: bigint,
  tasks: readonly { jobId: bigint; index: bigint }[],
): Promise<boolean[]> {
  const { rows } = await db.query<{ stored: boolean }>(
    `select exists (select from results r where r.job_id = t.job_id and r.index = t.index and r.account_id = $3) as stored
     from unnest($1::bigint[], $2::bigint[]) with ordinality t (job_id, index, place) order by place`,
    [tasks.map(({ jobId }) => jobId), tasks.map(({ index }) => index), accountId],
  )
  return rows.map(({ stored }) => stored)
}
