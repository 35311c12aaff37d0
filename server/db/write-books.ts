import type { CheckRecord } from '../domain/credibility.ts'
import type { Database, Queryable } from './database.ts'
import type { ChunkKey } from './read-chunk.ts'
import type { RecentResult } from './recent-result.ts'

/** What the fold of a chunk's log says. */
export interface ChunkBook extends ChunkKey {
  readonly accepted: number
  readonly disputed: number
  readonly failed: number
  readonly summary: unknown
}

export interface ContributionBook extends ChunkKey {
  readonly accountId: bigint
  readonly kernelDigest: Buffer
  readonly returned: number
  readonly accepted: number
  readonly rejected: number
  readonly unpaid: number
  readonly microCredits: bigint
  readonly earnedAt: Date
  readonly vestsAt: Date
}

export interface Books {
  readonly chunks: readonly ChunkBook[]
  readonly contributions: readonly ContributionBook[]
  readonly recent: ReadonlyMap<bigint, readonly RecentResult[]>
  readonly slowness: ReadonlyMap<bigint, number>
}

/** New checks of an account on a kernel. */
interface Checks {
  readonly accountId: bigint
  readonly kernelDigest: Buffer
  passed: number
  failed: number
}

export type FoldChecks = (
  record: CheckRecord,
  checks: { readonly passed: number; readonly failed: number },
) => CheckRecord

/** Latest results kept of each account. */
const recentKept = 50

/**
 * Writes what changed, in one transaction: counts and summaries of chunks, what accounts did in them, and what follows
 * from the difference to what was written before: the accounts' records, what they forfeit, and the network's activity.
 * All values are absolute, so that to write them again changes nothing, and nothing counts twice.
 *
 * @returns the chunks that `owner` still holds; of others nothing is written
 */
export function writeBooks(
  database: Database,
  { books, owner, now, foldChecks }: { books: Books; owner: string; now: Date; foldChecks: FoldChecks },
): Promise<ReadonlySet<string>> {
  return database.transaction(async client => {
    const written = await writeChunks(client, books.chunks, owner)
    const own = books.contributions.filter(contribution => written.has(chunkKey(contribution)))
    const { checks, activity } = await writeContributions(client, own)
    await writeRecords(client, checks, foldChecks)
    const failed = [...new Set(checks.filter(check => check.failed > 0).map(({ accountId }) => accountId))]
    if (failed.length > 0) await forfeit(client, failed, now)
    await writeRecent(client, books.recent)
    await writeSlowness(client, books.slowness)
    await countActivity(client, { owner, now, ...activity })
    return written
  })
}

export const chunkKey = ({ jobId, lo }: ChunkKey): string => `${jobId} ${lo}`

async function writeChunks(client: Queryable, chunks: readonly ChunkBook[], owner: string): Promise<Set<string>> {
  if (chunks.length === 0) return new Set()
  const { rows } = await client.query<ChunkKey>(
    `with given as (
       select * from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::integer[], $7::jsonb[])
         g (job_id, lo, accepted, disputed, failed, summary)),
     mine as materialized (
       select c.job_id, c.lo from chunks c join given using (job_id, lo)
       where c.owner = $1 and c.sealed_at is null order by c.job_id, c.lo for no key update of c)
     update chunks c set accepted = g.accepted, disputed = g.disputed, failed = g.failed, summary = g.summary
     from given g join mine using (job_id, lo)
     where c.job_id = g.job_id and c.lo = g.lo
     returning c.job_id as "jobId", c.lo`,
    [
      owner,
      chunks.map(({ jobId }) => jobId),
      chunks.map(({ lo }) => lo),
      chunks.map(({ accepted }) => accepted),
      chunks.map(({ disputed }) => disputed),
      chunks.map(({ failed }) => failed),
      chunks.map(({ summary }) => JSON.stringify(summary)),
    ],
  )
  return new Set(rows.map(chunkKey))
}

interface BeforeRow extends ChunkKey {
  readonly accountId: bigint
  readonly returned: number
  readonly accepted: number
  readonly rejected: number
  readonly microCredits: bigint
}

async function writeContributions(client: Queryable, contributions: readonly ContributionBook[]) {
  const keys = [
    contributions.map(({ accountId }) => accountId),
    contributions.map(({ jobId }) => jobId),
    contributions.map(({ lo }) => lo),
  ]
  const activity = { returned: 0, accepted: 0, microCredits: 0n }
  const checks = new Map<string, Checks>()
  if (contributions.length === 0) return { checks: [], activity }
  const { rows } = await client.query<BeforeRow>(
    `select account_id as "accountId", job_id as "jobId", lo, returned, accepted, rejected, micro_credits as "microCredits"
     from unnest($1::bigint[], $2::bigint[], $3::bigint[]) t (account_id, job_id, lo)
       join contributions using (account_id, job_id, lo)`,
    keys,
  )
  const keyOf = (row: ChunkKey & { accountId: bigint }) => `${row.accountId} ${row.jobId} ${row.lo}`
  const before = new Map(rows.map(row => [keyOf(row), row]))
  for (const after of contributions) {
    const earlier = before.get(keyOf(after))
    activity.returned += after.returned - (earlier?.returned ?? 0)
    activity.accepted += after.accepted - (earlier?.accepted ?? 0)
    activity.microCredits += after.microCredits - (earlier?.microCredits ?? 0n)
    const { accountId, kernelDigest } = after
    const key = `${accountId} ${kernelDigest.toString('latin1')}`
    const check = checks.get(key) ?? { accountId, kernelDigest, passed: 0, failed: 0 }
    // A verdict that was overturned takes passed checks back: the failed ones say all that there is to say.
    check.passed += Math.max(0, after.accepted - (earlier?.accepted ?? 0))
    check.failed += Math.max(0, after.rejected - (earlier?.rejected ?? 0))
    checks.set(key, check)
  }
  await client.query(
    `insert into contributions (account_id, job_id, lo, returned, accepted, rejected, unpaid, micro_credits, earned_at, vests_at)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
       $8::bigint[], $9::timestamptz[], $10::timestamptz[])
     on conflict (account_id, job_id, lo) do update
     set returned = excluded.returned, accepted = excluded.accepted, rejected = excluded.rejected, unpaid = excluded.unpaid,
       micro_credits = excluded.micro_credits, forfeited = least(contributions.forfeited, excluded.micro_credits),
       earned_at = excluded.earned_at,
       -- What has vested stays so, whatever else is earned in the chunk.
       vests_at = case when contributions.micro_credits = 0 then excluded.vests_at else contributions.vests_at end`,
    [
      ...keys,
      contributions.map(({ returned }) => returned),
      contributions.map(({ accepted }) => accepted),
      contributions.map(({ rejected }) => rejected),
      contributions.map(({ unpaid }) => unpaid),
      contributions.map(({ microCredits }) => microCredits),
      contributions.map(({ earnedAt }) => earnedAt),
      contributions.map(({ vestsAt }) => vestsAt),
    ],
  )
  return { checks: [...checks.values()].filter(({ passed, failed }) => passed + failed > 0), activity }
}

async function writeRecords(client: Queryable, checks: readonly Checks[], foldChecks: FoldChecks): Promise<void> {
  if (checks.length === 0) return
  const keys = [checks.map(({ accountId }) => accountId), checks.map(({ kernelDigest }) => kernelDigest)]
  await client.query(
    `insert into records (account_id, kernel_digest, passed, strikes)
     select account_id, kernel_digest, 0, 0 from unnest($1::bigint[], $2::bytea[]) t (account_id, kernel_digest)
     order by account_id, kernel_digest on conflict do nothing`,
    keys,
  )
  const { rows } = await client.query<{ place: bigint; passed: number; strikes: number; failedAt: Date | null }>(
    `select t.place, r.passed, r.strikes, r.failed_at as "failedAt"
     from unnest($1::bigint[], $2::bytea[]) with ordinality t (account_id, kernel_digest, place)
       join records r using (account_id, kernel_digest)
     order by account_id, kernel_digest for no key update of r`,
    keys,
  )
  const folded = rows.map(({ place, passed, strikes, failedAt }) => {
    const check = checks[Number(place) - 1] as Checks
    const record = foldChecks({ passed, strikes, failedAt: failedAt?.getTime() }, check)
    return { ...check, record }
  })
  await client.query(
    `update records r set passed = t.passed, strikes = t.strikes, failed_at = t.failed_at
     from unnest($1::bigint[], $2::bytea[], $3::integer[], $4::integer[], $5::timestamptz[])
       t (account_id, kernel_digest, passed, strikes, failed_at)
     where r.account_id = t.account_id and r.kernel_digest = t.kernel_digest`,
    [
      folded.map(({ accountId }) => accountId),
      folded.map(({ kernelDigest }) => kernelDigest),
      folded.map(({ record }) => record.passed),
      folded.map(({ record }) => record.strikes),
      folded.map(({ record }) => (record.failedAt === undefined ? null : new Date(record.failedAt))),
    ],
  )
}

/** Takes away what has not vested yet. */
async function forfeit(client: Queryable, accountIds: readonly bigint[], now: Date): Promise<void> {
  await client.query(
    `update contributions set forfeited = micro_credits
     where account_id = any($1::bigint[]) and vests_at > $2 and forfeited < micro_credits`,
    [accountIds, now],
  )
}

async function writeRecent(client: Queryable, recent: Books['recent']): Promise<void> {
  if (recent.size === 0) return
  await client.query(
    `insert into recent_results (account_id, entries)
     select * from unnest($1::bigint[], $2::jsonb[]) t (account_id, entries) order by account_id
     on conflict (account_id) do update set entries = (
       select jsonb_agg(entry order by (entry ->> 'returnedAt')::bigint desc) from (
         select entry from (
           -- Of what was said of a task, the last: a verdict may have been overturned.
           select distinct on (entry ->> 'jobId', entry ->> 'index') entry
           from jsonb_array_elements(recent_results.entries || excluded.entries) with ordinality t (entry, place)
           order by entry ->> 'jobId', entry ->> 'index', place desc) latest
         order by (entry ->> 'returnedAt')::bigint desc limit ${recentKept}) kept)`,
    [
      [...recent.keys()],
      [...recent.values()].map(entries => JSON.stringify(entries.toSorted((a, b) => b.returnedAt - a.returnedAt))),
    ],
  )
}

async function writeSlowness(client: Queryable, slowness: Books['slowness']): Promise<void> {
  if (slowness.size === 0) return
  await client.query(
    `with measured as materialized (
       select d.id, t.slowness from unnest($1::bigint[], $2::float8[]) t (id, slowness) join devices d using (id)
       order by d.id for no key update of d)
     update devices d set slowness = m.slowness from measured m where d.id = m.id`,
    [[...slowness.keys()], [...slowness.values()]],
  )
}

async function countActivity(
  client: Queryable,
  {
    owner,
    now,
    returned,
    accepted,
    microCredits,
  }: { owner: string; now: Date; returned: number; accepted: number; microCredits: bigint },
): Promise<void> {
  if (returned === 0 && accepted === 0) return
  await client.query(
    `insert into activity (minute, server_id, returned, accepted, micro_credits)
     values (date_trunc('minute', $1::timestamptz), $2, $3, $4, $5)
     on conflict (minute, server_id) do update
     set returned = activity.returned + excluded.returned, accepted = activity.accepted + excluded.accepted,
       micro_credits = activity.micro_credits + excluded.micro_credits`,
    [now, owner, returned, accepted, microCredits],
  )
}
