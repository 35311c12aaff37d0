import type { Judgement } from '../domain/judge.ts'
import type { Database, Queryable } from './database.ts'

export interface TaskKey {
  readonly jobId: bigint
  readonly index: bigint
}

export interface NewVerdict extends TaskKey {
  readonly judgement: Exclude<Judgement, { state: 'pending' }>
}

/** Merges one accepted output into its job's summary. */
export type AddOutput = (jobId: bigint, summary: unknown, output: Buffer) => unknown

interface Counted {
  jobId: bigint
  index: bigint
  state: 'accepted' | 'disputed' | 'failed'
}

/**
 * Records verdicts and all that follows from them, in one transaction: credits, the job's counts and summary, the
 * chunks' counts. Each verdict counts once, whoever records it and how often; a first verdict stands.
 *
 * Rows of `job_progress`, then of `chunks`, are locked in the order of their keys, as in every statement that locks
 * several, so that two servers never wait for each other crosswise.
 *
 * @param voted tasks whose agreeing results may not have their credit yet: those judged now, and late agreement
 */
export async function recordVerdicts(
  database: Database,
  input: {
    readonly verdicts: readonly NewVerdict[]
    readonly voted: readonly TaskKey[]
    readonly serverId: string
    readonly now: Date
    readonly addOutput: AddOutput
  },
): Promise<void> {
  await database.transaction(async client => {
    const jobIds = [...new Set([...input.verdicts, ...input.voted].map(({ jobId }) => jobId))]
    const { rows: progress } = await client.query<{ jobId: bigint; summary: unknown }>(
      `select job_id as "jobId", summary from job_progress where job_id = any($1::bigint[]) order by job_id for update`,
      [jobIds],
    )
    const counted = await insertVerdicts(client, input.verdicts, input.now)
    const earned = await insertCredits(client, [...input.verdicts, ...input.voted], input.now)
    if (counted.length > 0) {
      const outputs = await readAccepted(client, counted)
      for (const { jobId, summary } of progress) {
        const own = counted.filter(verdict => verdict.jobId === jobId)
        const merged = outputs
          .filter(output => output.jobId === jobId)
          .reduce((sum, { output }) => input.addOutput(jobId, sum, output), summary)
        await countVerdicts(client, jobId, own, merged)
      }
      await countChunks(client, counted)
    }
    const accepted = counted.filter(({ state }) => state === 'accepted').length
    if (accepted > 0 || earned > 0n) await countActivity(client, { ...input, accepted, earned })
  })
}

async function insertVerdicts(client: Queryable, verdicts: readonly NewVerdict[], now: Date): Promise<Counted[]> {
  const { rows } = await client.query<Counted>(
    `insert into verdicts (job_id, index, state, digest, reason, judged_at)
     select *, $6::timestamptz from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[])
     on conflict (job_id, index) do nothing
     returning job_id as "jobId", index, state`,
    [
      verdicts.map(({ jobId }) => jobId),
      verdicts.map(({ index }) => index),
      verdicts.map(({ judgement }) => judgement.state),
      verdicts.map(({ judgement: j }) => (j.state === 'accepted' ? Buffer.from(j.digest, 'hex') : null)),
      verdicts.map(({ judgement: j }) => (j.state === 'failed' ? j.reason : null)),
      now,
    ],
  )
  return rows
}

/** Credits follow what the database holds, not what a server remembers: an agreeing result, once. */
async function insertCredits(client: Queryable, tasks: readonly TaskKey[], now: Date): Promise<bigint> {
  const { rows } = await client.query<{ earned: bigint }>(
    `with earned as (
       insert into credits (job_id, index, account_id, device_id, micro_credits, earned_at)
       select distinct r.job_id, r.index, r.account_id, r.device_id, j.micro_credits, $3::timestamptz
       from unnest($1::bigint[], $2::bigint[]) t (job_id, index)
         join verdicts v on v.job_id = t.job_id and v.index = t.index and v.state = 'accepted'
         join results r on r.job_id = v.job_id and r.index = v.index and r.digest = v.digest
         join jobs j on j.id = r.job_id
       on conflict (job_id, index, account_id) do nothing
       returning micro_credits)
     select coalesce(sum(micro_credits), 0)::bigint as earned from earned`,
    [tasks.map(({ jobId }) => jobId), tasks.map(({ index }) => index), now],
  )
  return rows[0]?.earned ?? 0n
}

async function readAccepted(
  client: Queryable,
  counted: readonly Counted[],
): Promise<{ jobId: bigint; output: Buffer }[]> {
  const { rows } = await client.query<{ jobId: bigint; output: Buffer }>(
    `select distinct on (job_id, index) job_id as "jobId", r.output
     from unnest($1::bigint[], $2::bigint[]) t (job_id, index)
       join verdicts v using (job_id, index) join results r using (job_id, index)
     where r.digest = v.digest and v.state = 'accepted'`,
    [counted.map(({ jobId }) => jobId), counted.map(({ index }) => index)],
  )
  return rows
}

async function countVerdicts(
  client: Queryable,
  jobId: bigint,
  own: readonly Counted[],
  summary: unknown,
): Promise<void> {
  const count = (state: Counted['state']) => own.filter(verdict => verdict.state === state).length
  await client.query(
    `update job_progress set accepted = accepted + $2, disputed = disputed + $3, failed = failed + $4, summary = $5
     where job_id = $1`,
    [jobId, count('accepted'), count('disputed'), count('failed'), JSON.stringify(summary)],
  )
}

async function countChunks(client: Queryable, counted: readonly Counted[]): Promise<void> {
  await client.query(
    `with judged as (
       select t.job_id, t.index - t.index % j.chunk_size as lo, count(*) as tasks
       from unnest($1::bigint[], $2::bigint[]) t (job_id, index) join jobs j on j.id = t.job_id
       group by 1, 2),
     locked as materialized (
       select job_id, lo, tasks from chunks join judged using (job_id, lo) order by job_id, lo for update of chunks)
     update chunks set judged = chunks.judged + locked.tasks
     from locked where chunks.job_id = locked.job_id and chunks.lo = locked.lo`,
    [counted.map(({ jobId }) => jobId), counted.map(({ index }) => index)],
  )
}

async function countActivity(
  client: Queryable,
  { serverId, now, accepted, earned }: { serverId: string; now: Date; accepted: number; earned: bigint },
): Promise<void> {
  await client.query(
    `insert into activity (minute, server_id, accepted, micro_credits)
     values (date_trunc('minute', $1::timestamptz), $2, $3, $4)
     on conflict (minute, server_id) do update
     set accepted = activity.accepted + excluded.accepted, micro_credits = activity.micro_credits + excluded.micro_credits`,
    [now, serverId, accepted, earned],
  )
}
