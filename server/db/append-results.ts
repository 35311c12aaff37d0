import type { Ballot } from '../domain/judge.ts'
import type { Queryable } from './database.ts'

export interface NewResult {
  readonly jobId: bigint
  readonly index: bigint
  readonly replica: number
  readonly accountId: bigint
  readonly deviceId: bigint
  readonly network: bigint
  readonly elapsedMs: number
  readonly ballot: Ballot
  /** Absent where the code failed. */
  readonly output: Uint8Array | undefined
}

/** `taken`: another account has returned this replica. */
export type Appended = 'fresh' | 'repeat' | 'taken'

/**
 * Appends results to the log in one statement, and counts those that are new.
 *
 * @returns for each what became of it; a replica that has been returned before is left as it is
 */
export async function appendResults(
  db: Queryable,
  { results, serverId, now }: { results: readonly NewResult[]; serverId: string; now: Date },
): Promise<Appended[]> {
  const { rows } = await db.query<{ place: bigint }>(
    `with given as (
       select * from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[],
         $7::integer[], $8::bytea[], $9::bytea[], $10::text[])
         with ordinality g (job_id, index, replica, account_id, device_id, network, elapsed_ms, digest, output, failure, place)),
     fresh as (
       insert into results (job_id, index, replica, account_id, device_id, network, elapsed_ms, digest, output, failure, returned_at)
       select job_id, index, replica, account_id, device_id, network, elapsed_ms, digest, output, failure, $11::timestamptz
       from given on conflict (job_id, index, replica) do nothing
       returning job_id, index, replica),
     counted as (
       insert into activity (minute, server_id, returned)
       select date_trunc('minute', $11::timestamptz), $12, count(*) from fresh
       on conflict (minute, server_id) do update set returned = activity.returned + excluded.returned)
     select min(place) as place from given join fresh using (job_id, index, replica) group by job_id, index, replica`,
    [
      results.map(({ jobId }) => jobId),
      results.map(({ index }) => index),
      results.map(({ replica }) => replica),
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
  const fresh = new Set(rows.map(({ place }) => Number(place) - 1))
  const known = results.flatMap((result, at) => (fresh.has(at) ? [] : [result]))
  const own = new Set(await findOwn(db, known))
  return results.map((result, at) => (fresh.has(at) ? 'fresh' : own.has(result) ? 'repeat' : 'taken'))
}

/** Which of these results are in the log as their account's own. */
export async function findOwn<Key extends Pick<NewResult, 'jobId' | 'index' | 'replica' | 'accountId'>>(
  db: Queryable,
  keys: readonly Key[],
): Promise<Key[]> {
  if (keys.length === 0) return []
  const { rows } = await db.query<{ place: bigint }>(
    `select place from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[])
       with ordinality t (job_id, index, replica, account_id, place)
     join results using (job_id, index, replica, account_id)`,
    [
      keys.map(({ jobId }) => jobId),
      keys.map(({ index }) => index),
      keys.map(({ replica }) => replica),
      keys.map(({ accountId }) => accountId),
    ],
  )
  return rows.map(({ place }) => keys[Number(place) - 1] as Key)
}
