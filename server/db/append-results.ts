import type { Ballot } from '../domain/judge.ts'
import type { Queryable } from './database.ts'

export interface NewResult {
  readonly jobId: bigint
  readonly index: bigint
  readonly accountId: bigint
  readonly deviceId: bigint
  readonly network: bigint
  readonly elapsedMs: number
  readonly ballot: Ballot
  /** Absent where the code failed. */
  readonly output: Uint8Array | undefined
}

/**
 * Appends results to the log in one statement, and counts those that are new.
 *
 * @returns for each, whether it is new; one that the account has returned before is left as it is
 */
export async function appendResults(
  db: Queryable,
  { results, serverId, now }: { results: readonly NewResult[]; serverId: string; now: Date },
): Promise<boolean[]> {
  const { rows } = await db.query<{ jobId: bigint; index: bigint; accountId: bigint }>(
    `with fresh as (
       insert into results (job_id, index, account_id, device_id, network, elapsed_ms, digest, output, failure, returned_at)
       select *, $10::timestamptz from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
         $6::integer[], $7::bytea[], $8::bytea[], $9::text[])
       on conflict (job_id, index, account_id) do nothing
       returning job_id, index, account_id),
     counted as (
       insert into activity (minute, server_id, returned)
       select date_trunc('minute', $10::timestamptz), $11, count(*) from fresh
       on conflict (minute, server_id) do update set returned = activity.returned + excluded.returned)
     select job_id as "jobId", index, account_id as "accountId" from fresh`,
    [
      results.map(({ jobId }) => jobId),
      results.map(({ index }) => index),
      results.map(({ accountId }) => accountId),
      results.map(({ deviceId }) => deviceId),
      results.map(({ network }) => network),
      results.map(({ elapsedMs }) => elapsedMs),
      results.map(({ ballot }) => (ballot.kind === 'output' ? Buffer.from(ballot.digest, 'hex') : null)),
      results.map(({ output }) =>
        output === undefined ? null : Buffer.from(output.buffer, output.byteOffset, output.length),
      ),
      results.map(({ ballot }) => (ballot.kind === 'failed' ? ballot.reason : null)),
      now,
      serverId,
    ],
  )
  const key = (r: { jobId: bigint; index: bigint; accountId: bigint }) => `${r.jobId} ${r.index} ${r.accountId}`
  const fresh = new Set(rows.map(key))
  // delete, not has: the second of two equal results in one batch is a repeat.
  return results.map(result => fresh.delete(key(result)))
}
