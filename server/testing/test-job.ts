import { onTestFinished, vi } from 'vitest'
import { defaultPolicy, type Policy } from '../../protocol/jobs.ts'
import { collatzRecords } from '../../wasm/collatz-records/descriptor.ts'
import { type ChunkRow, cutChunk } from '../db/chunks.ts'
import type { Database, Queryable } from '../db/database.ts'
import { type JobRow, listJobs } from '../db/jobs.ts'

export const { emptySummary } = collatzRecords

/** Stores a job of small chunks. */
export async function createTestJob(
  database: Database,
  { policy = defaultPolicy, chunkSize = 4 }: { policy?: Policy; chunkSize?: number } = {},
): Promise<JobRow> {
  await database.query(
    `with job as (
       insert into jobs (kernel_id, kernel_digest, kernel_bytes, parameters, policy, micro_credits, task_count, chunk_size, created_at)
       values ($1, $2, 1, $3, $4, 2000, 1000, $5, now()) returning id)
     insert into job_progress (job_id, summary) select id, $6 from job`,
    [
      collatzRecords.id,
      Buffer.alloc(32, 7),
      JSON.stringify({ from: '1', to: '1000000', startsPerTask: 1000 }),
      JSON.stringify(policy),
      chunkSize,
      JSON.stringify(emptySummary),
    ],
  )
  return (await listJobs(database)).at(-1) as JobRow
}

/** An output of the job's kernel. */
export function collatzOutput(totalGlide: number): Buffer {
  const output = Buffer.alloc(16)
  output.writeBigUInt64LE(BigInt(totalGlide))
  return output
}

/** Cuts the next chunk off a job for `owner`. */
export async function createTestChunk(database: Database, jobId: bigint, owner: string): Promise<ChunkRow> {
  return (await cutChunk(database, { jobId, owner, emptySummary })) as ChunkRow
}

/** Makes all claims end, as if ten seconds had gone by. */
export const endClaims = (database: Database) =>
  database.query(`update chunks set claimed_until = now() - interval '1 second' where sealed_at is null`)

/** Runs `work` in a transaction that stays open until it is told to commit. */
export async function openTransaction<T>(
  database: Database,
  work: (client: Queryable) => Promise<T>,
): Promise<{ readonly result: T; commit(): Promise<void> }> {
  const finish = Promise.withResolvers<void>()
  onTestFinished(() => finish.resolve())
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(async client => {
      const result = await work(client)
      resolve({
        result,
        commit() {
          finish.resolve()
          return transaction
        },
      })
      await finish.promise
    })
    transaction.catch(reject)
  })
}

/** Resolves when so many statements on this database wait for a lock. */
export const waitForBlocked = (database: Database, statements: number): Promise<void> =>
  vi.waitFor(async () => {
    const { rows } = await database.query<{ blocked: number }>(
      `select count(*)::integer as blocked from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows[0]?.blocked !== statements) throw new Error(`Expected ${statements} to wait, found ${rows[0]?.blocked}.`)
  }, 10_000)
