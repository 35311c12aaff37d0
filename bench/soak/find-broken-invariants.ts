import type { Database } from '../../server/db/database.ts'

/** What must hold once nothing is under way, if all devices were honest: each a query for rows that break it. */
const invariants: Readonly<Record<string, string>> = {
  'an honest result is never rejected, unpaid or forfeited':
    'select 1 from contributions where rejected <> 0 or unpaid <> 0 or forfeited <> 0',
  'an honest account has no strike': 'select 1 from records where strikes <> 0',
  'a task that honest devices compute is neither disputed nor failed':
    'select 1 from chunks where disputed <> 0 or failed <> 0',
  'nobody earns more than was returned': 'select 1 from contributions where accepted > returned',
  'an accepted result earns the credit of its task': `select 1 from contributions join jobs on jobs.id = job_id
     where contributions.micro_credits <> accepted * jobs.micro_credits`,
  'a chunk has no more verdicts than tasks': 'select 1 from chunks where accepted + disputed + failed > hi - lo',
  'an accepted task has two accepted results': `select 1 from chunks
     left join (select job_id, lo, sum(accepted) as accepted from contributions group by job_id, lo) as paid using (job_id, lo)
     where coalesce(paid.accepted, 0) < 2 * chunks.accepted`,
  'a sealed chunk is judged to its end': `select 1 from chunks
     where sealed_at is not null and accepted + disputed + failed < hi - lo`,
  'a sealed chunk has a segment and no log': `select 1 from chunks
     where sealed_at is not null and (
       not exists (select 1 from segments s where s.job_id = chunks.job_id and s.lo = chunks.lo)
       or exists (select 1 from log where log.job_id = chunks.job_id and log.lo = chunks.lo))`,
  'a job counts what its sealed chunks count': `select 1 from job_progress
     left join (
       select job_id, sum(accepted) as accepted from chunks where sealed_at is not null group by job_id) as sealed
       using (job_id)
     where job_progress.accepted <> coalesce(sealed.accepted, 0)`,
  'nothing waits for another server': 'select 1 from inbox',
  'chunks do not overlap': `select 1 from (
     select hi, lead(lo) over (partition by job_id order by lo) as next_lo from chunks) as neighbours
     where next_lo < hi`,
}

/**
 * @param acknowledged results that servers said they have stored
 * @returns a sentence for each invariant that does not hold
 */
export async function findBrokenInvariants(database: Database, acknowledged: number): Promise<string[]> {
  const broken: string[] = []
  for (const [sentence, sql] of Object.entries(invariants)) {
    const { rows } = await database.query<{ count: bigint }>(`select count(*) from (${sql}) as breaking`)
    const count = rows[0]?.count ?? 0n
    if (count > 0n) broken.push(`Broken by ${count} rows: ${sentence}.`)
  }
  const { rows } = await database.query<{ returned: bigint }>(
    'select coalesce(sum(returned), 0)::bigint as returned from contributions',
  )
  const returned = Number(rows[0]?.returned)
  if (returned !== acknowledged)
    broken.push(`Broken: what was acknowledged (${acknowledged}) is what the ledger has as returned (${returned}).`)
  return broken
}
